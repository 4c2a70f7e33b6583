import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { explainText } from '../../builders/evidence.ts';
import { recordedLog } from '../../builders/recorded-logs.ts';

function pasted(name: string): string {
  return readFileSync(new URL(`pasted/${name}.log`, import.meta.url), 'utf8').trimEnd();
}

const LOGS: Readonly<Record<string, string>> = {
  'a burst': recordedLog('burst-100-workers-4-latest.controller').trimEnd(),
  'refused pods': recordedLog('set-failed-latest.controller').trimEnd(),
  'an outdated runner': recordedLog('outdated-latest.controller').trimEnd(),
  'JSON records': recordedLog('set-30-json-latest.controller').trimEnd(),
  'an upgrade': pasted('upgrade-0.11-to-0.12'),
  'a listener of 0.10': recordedLog('jobs-3-new.listener-1').trimEnd(),
  'a listener of main': recordedLog('jobs-max-old.listener-1').trimEnd(),
  'a listener that makes none': pasted('satisfied-by-existing'),
};

type Copy = (text: string) => string;

const STAMP = /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?Z/g;

function withTimes(write: (time: Date, fraction: string) => string): Copy {
  return (text) =>
    text.replace(STAMP, (_, time: string, fraction = '') => write(new Date(`${time}Z`), fraction as string));
}

const two = (value: number): string => String(value).padStart(2, '0');
const clock = (time: Date): string => time.toISOString().slice(11, 19);
const halfDay = (time: Date): string => {
  const hour = time.getUTCHours();
  return `${hour % 12 || 12}:${two(time.getUTCMinutes())}:${two(time.getUTCSeconds())} ${hour < 12 ? 'AM' : 'PM'}`;
};
const dayOf = (time: Date): [string, string, string] => [
  two(time.getUTCDate()),
  two(time.getUTCMonth() + 1),
  String(time.getUTCFullYear()),
];
const monthOf = (time: Date): string => time.toUTCString().slice(8, 11);

/** Line ends as a window of this width makes them. */
function broken(width: number): Copy {
  return (text) =>
    text
      .split('\n')
      .flatMap((line) => (line === '' ? [''] : (line.match(new RegExp(`.{1,${width}}`, 'gs')) ?? [])))
      .join('\n');
}

/** Line ends as a mail program makes them: at blanks. */
function brokenAtWords(width: number): Copy {
  return (text) =>
    text
      .split('\n')
      .flatMap((line) => {
        const lines: string[] = [''];
        for (const word of line.split(/\s+/)) {
          const last = lines.at(-1) as string;
          if (last === '') lines[lines.length - 1] = word;
          else if (last.length + 1 + word.length > width) lines.push(word);
          else lines[lines.length - 1] = `${last} ${word}`;
        }
        return lines;
      })
      .join('\n');
}

function ofPage(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function curly(text: string): string {
  let isOpen = false;
  return text.replaceAll('"', () => ((isOpen = !isOpen) ? '\u201c' : '\u201d')).replaceAll('\t', '    ');
}

/** What copying does to a text. */
const COPIES: Readonly<Record<string, Copy>> = {
  'blanks that do not break': (text) => text.replaceAll('\t', '\u00a0\u00a0').replaceAll(' ', '\u00a0'),
  'narrow blanks': (text) => text.replaceAll('\t', '\u2003').replaceAll(' ', '\u202f'),
  'curly quotes': (text) => `Anna\n  10:23 AM\nfound this:\n${curly(text)}\n`,
  'marks of a patch': (text) => text.replaceAll(/^/gm, '+'),
  'escaped quotes and tabs': (text) => text.replaceAll('\t', '\\t').replaceAll('"', '\\"'),
  'all of it escaped': (text) =>
    text
      .split('\n')
      .map((line) => JSON.stringify(line).slice(1, -1))
      .join('\n'),
  'one escaped text': (text) => JSON.stringify(text).slice(1, -1),
  'entities of a page': (text) => `<pre>${ofPage(text).replaceAll('"', '&quot;')}</pre>`,
  'numbered entities': (text) => `<p>${ofPage(text).replaceAll('"', '&#34;').replaceAll('\t', '&nbsp;&nbsp;')}</p>`,
  'breaks of a page': (text) => `<p>${ofPage(text).replaceAll('"', '&#x22;').replaceAll('\n', '<br>')}</p>`,
  'breaks at line ends': (text) => `<div>${ofPage(text).replaceAll('"', '&quot;').replaceAll('\n', '<br />\n')}</div>`,
  'rows of a page': (text) => ofPage(text).replaceAll(/^.+$/gm, '<tr><td>$&</td></tr>'),
  'a record of all lines': (text) => JSON.stringify({ log: text }),
  'a record of a collector': (text) => JSON.stringify({ message: text, host: 'node-1', service: 'arc' }),
  'an array in one line': (text) => JSON.stringify(text.split('\n')),
  'cells with semicolons': (text) =>
    text
      .split('\n')
      .map((line, index) => `"${index}";"${line.replaceAll('"', '""')}"`)
      .join('\n'),
  'low quotes': (text) => text.replaceAll('"', '\u201e'),
  'a window of 80': broken(80),
  'a window of 132 under Windows': (text) => broken(132)(text).replaceAll('\n', '\r\n'),
  'a quoted window of 100': (text) => broken(100)(text).replaceAll(/^/gm, '> '),
  'a window of 132': broken(132),
  'a window of 200': broken(200),
  'a mail of 78': brokenAtWords(78),
  'a mail of 100': brokenAtWords(100),
  'a date and a time': withTimes((time, fraction) => `${time.toISOString().slice(0, 10)} ${clock(time)}${fraction}`),
  'a date and a time with a comma': withTimes(
    (time, fraction) => `${time.toISOString().slice(0, 10)} ${clock(time)}${fraction.replace('.', ',')}`,
  ),
  'a date and a time in UTC': withTimes(
    (time, fraction) => `${time.toISOString().slice(0, 10)} ${clock(time)}${fraction} UTC`,
  ),
};

/** Forms without parts of a second. */
const WHOLE_SECONDS: Readonly<Record<string, Copy>> = {
  'American dates': withTimes((time) => {
    const [day, month, year] = dayOf(time);
    return `${Number(month)}/${Number(day)}/${year}, ${halfDay(time)}`;
  }),
  'American dates of two digits': withTimes((time) => {
    const [day, month, year] = dayOf(time);
    return `${month}/${day}/${year.slice(2)} ${clock(time)}`;
  }),
  'a date and a half day': withTimes((time) => `${time.toISOString().slice(0, 10)} ${halfDay(time)}`),
  'digits alone': withTimes((time) => time.toISOString().replaceAll(/[-:]|\.\d+/g, '')),
  'German dates': withTimes((time) => `${dayOf(time).join('.')} ${clock(time)}`),
  'the form of syslog': withTimes((time) => `${monthOf(time)} ${dayOf(time)[0]} ${clock(time)}`),
  'month, day and year': withTimes(
    (time) => `${monthOf(time)} ${time.getUTCDate()}, ${time.getUTCFullYear()} @ ${clock(time)}`,
  ),
  'the form of web servers': withTimes((time) => {
    const [day, , year] = dayOf(time);
    return `${day}/${monthOf(time)}/${year}:${clock(time)} +0000`;
  }),
  'seconds since 1970': withTimes((time) => String(time.getTime() / 1000)),
  'milliseconds since 1970': withTimes((time) => String(time.getTime())),
  'times without a date': withTimes(clock),
};

const EXACT = /over [\d.]+ m?s/;

describe('a log copied in another form', () => {
  for (const [name, text] of Object.entries(LOGS)) {
    for (const [form, copy] of Object.entries(COPIES)) {
      it(`says the same: ${name}, ${form}`, async () => {
        const { verdict } = await explainText(text);
        assert.equal((await explainText(copy(text))).verdict, verdict);
      });
    }
    for (const [form, copy] of Object.entries(WHOLE_SECONDS)) {
      it(`says the same, to the second: ${name}, ${form}`, async () => {
        const seconds = text.replaceAll(STAMP, '$1Z');
        const { verdict } = await explainText(seconds);
        assert.equal((await explainText(copy(text))).verdict.replace(EXACT, ''), verdict.replace(EXACT, ''));
      });
    }
  }

  it('keeps the numbers of its lines where these are joined', async () => {
    const text = LOGS['refused pods'] as string;
    const [first] = (await explainText(broken(80)(text))).findings;
    const lines = broken(80)(text).split('\n');
    const { line } = first?.evidence[0]?.at ?? { line: 0 };
    assert.match(lines[line - 1] ?? '', /^\d{4}-\d\d-\d\dT\S+\tERROR/);
  });

  it('counts the same runners after another where its last line comes first', async () => {
    const text = LOGS['an outdated runner'] as string;
    const { verdict } = await explainText(text);
    assert.match(verdict, /2 runners were made after that/);
    assert.equal((await explainText(text.split('\n').reverse().join('\n'))).verdict, verdict);
  });

  it('gives the reason where its times are in no form that is read', async () => {
    const text = withTimes((time) => `moon ${time.getTime() % 997}`)(LOGS['a burst'] as string);
    await assert.rejects(explainText(text), /times are in a form that is not read/);
  });
});

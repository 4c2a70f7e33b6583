import assert from 'node:assert/strict';
import { NOT_SWITCHED } from '../../../src/reconciler/releases/not-switched.ts';
import { RELEASES } from '../../../src/reconciler/releases/releases.ts';
import { isSwitch, PARTS, SWITCHES, type Switch } from '../../../src/reconciler/releases/switches.ts';

const all = Object.keys(SWITCHES).map(Number) as Switch[];

describe('a release with pull requests added or left out', () => {
  it('has an id that names it, and is found by this id', () => {
    const varied = RELEASES.get('0.14.2-4390');
    assert.equal(varied.id, '0.14.2-4390');
    assert.ok(!varied.switches.has(4390) && RELEASES.get('0.14.2').switches.has(4390));
    assert.equal(RELEASES.find('0.14.2-4390'), varied, 'each time the same');
    assert.deepEqual(RELEASES.get('0.11.0+4142-3891').variation, { of: '0.11.0', with: [4142], without: [3891] });
  });

  it('lies where its release lies, and is none of the list', () => {
    assert.equal(RELEASES.position('0.14.2-4390'), RELEASES.position('0.14.2'));
    assert.ok(!RELEASES.ids.includes('0.14.2-4390'));
  });

  it('may be of a version that another release stands for', () => {
    assert.equal(RELEASES.get('0.13.0-4142-4239-4260').id, '0.13.0-4142-4239-4260');
  });

  it('has the queue and the client of its switches', () => {
    const own = RELEASES.get('0.13.1');
    const later = RELEASES.get('0.14.2');
    assert.equal(RELEASES.get('0.14.2-4390').actions, own.actions);
    assert.equal(RELEASES.get('0.14.2-4406').queue, own.queue);
    assert.equal(RELEASES.get('0.14.2-4406').actions, later.actions);
    assert.equal(RELEASES.get('0.13.1+4390').actions.isOneAtATime, true);
    assert.equal(RELEASES.get('0.13.1+4406').backoff, later.backoff);
    assert.deepEqual([own.lists, later.lists, RELEASES.get('0.14.2-4406').lists], ['paged', 'streamed', 'paged']);
  });

  it('cannot have one pull request without another that it builds on; the sentence names the two', () => {
    const cases: [string, RegExp][] = [
      ['0.13.1-3831', /^Error: pull request 4191 cannot be without 3831: .+$/],
      ['0.11.0+4191', /^$/],
      ['0.13.1-4142', /^Error: pull request 4239 cannot be without 4142: .+$/],
      ['0.12.1+4260', /^Error: pull request 4260 cannot be without 4239: .+$/],
      ['0.12.1-4059', /^Error: pull request 4152 cannot be without 4059: .+$/],
      ['latest-4320', /^Error: pull request 4516 cannot be without 4320: .+$/],
      ['0.10.1+4516', /^Error: pull request 4516 cannot be without 4320: .+$/],
    ];
    for (const [id, sentence] of cases) {
      if (sentence.source === '^$') assert.ok(RELEASES.get(id).switches.has(4191), id);
      else {
        assert.throws(() => RELEASES.get(id), sentence, id);
        assert.equal(RELEASES.find(id), undefined, id);
      }
    }
  });

  it('is refused where it would change nothing, or names what is no switch', () => {
    const cases: [string, RegExp][] = [
      ['0.14.2+4390', /^Error: 0\.14\.2 has pull request 4390 already$/],
      ['0.13.1-4390', /^Error: 0\.13\.1 does not have pull request 4390$/],
      ['new+4390-4390', /^Error: pull request 4390 cannot be both with and without$/],
      ['new+12345', /^UnknownPullRequestError: pull request 12345 cannot be switched here$/],
      ['new+9999', /^UnknownPullRequestError: pull request 9999 cannot be switched here$/],
      ['0.14.2-7', /^UnknownPullRequestError: pull request 7 cannot be switched here$/],
      ['new+4391', /the numbers most like it are 4390 \(one call to the Actions service at a time, .+\) and 4191 \(/],
      [
        'new+43833',
        /^UnknownPullRequestError: pull request 43833 cannot be switched here; the number most like it is 4383 \(.+\)$/,
      ],
      ['new+3481', /^UnknownPullRequestError: pull request 3481 cannot be switched here$/],
      [
        'new+3381',
        /^UnknownPullRequestError: pull request 3381 cannot be switched here; the number most like it is 3831 \(.+\)$/,
      ],
      [
        '0.13.1+4449',
        /^Error: pull request 4449 \(0\.14\.2\) cannot be switched here: it adds the flag --pprof-addr, and no request/,
      ],
      ['0.14.2-4410', /^Error: pull request 4410 \(0\.14\.0\) cannot be switched here: it changes a Helm chart \(/],
      [
        'latest-4508',
        /^Error: pull request 4508 \(latest\) cannot be switched here: it builds ARC with client-go 0\.36 .*: choose that one$/,
      ],
      ['0.14.2-4405', /^Error: pull request 4405 is part of 4390 here: give that number$/],
      ['newest-4390', /^Error: unknown mode "newest-4390"; modes are /],
    ];
    for (const [id, sentence] of cases) assert.throws(() => RELEASES.get(id), sentence, id);
  });

  it('says why a pull request is no switch, for none that is one', () => {
    for (const [number, { since, why }] of Object.entries(NOT_SWITCHED)) {
      assert.ok(!isSwitch(Number(number)) && !PARTS.has(Number(number)), number);
      assert.ok(since === 'latest' || /^0\.\d+\.\d$/.test(since), number);
      assert.match(why, /^it [^.]+/);
    }
  });

  it('holds together in every release of the list as it is', () => {
    for (const { id, switches } of RELEASES.all) {
      const [one] = all.filter((each) => !switches.has(each) && each !== 4516 && each !== 4260 && each !== 4239);
      if (one === undefined || one === 4152 || (one === 4191 && !switches.has(3831))) continue;
      assert.doesNotThrow(() => RELEASES.get(`${id}+${one}`), `${id}+${one}`);
    }
  });
});

describe('a version that is not listed', () => {
  it('is refused where it cannot be run: one that nobody published, or that is before every release here', () => {
    for (const version of [
      '0.4.0',
      '0.8.3',
      '0.13.9',
      '0.14.7',
      '0.15.0',
      '0.27.6',
      '1.0.0',
      'v99.0.0',
      '0.11.0-rc.1',
    ]) {
      assert.throws(
        () => RELEASES.get(version),
        {
          message: new RegExp(
            `^ARC ${version} cannot be run here; modes are 0\\.9\\.3.*; 0\\.9\\.0, .*0\\.10\\.1.* and 0\\.13\\.0 run as one of these`,
          ),
        },
        version,
      );
      assert.throws(() => RELEASES.get(`${version}-4390`), `${version} with a change`);
    }
    for (const version of ['0.9.0', 'v0.10.1', '0.12', '0.13.0']) assert.ok(RELEASES.get(version), version);
  });

  it('is none where only its capitals differ', () => {
    for (const typed of ['LATEST', 'Old', 'Latest-4390'])
      assert.equal(RELEASES.get(typed).id, typed.toLowerCase(), typed);
  });

  it('is answered with what was probably meant', () => {
    const cases: [string, string][] = [
      [' New ', 'new'],
      ['main', 'latest'],
      ['lates', 'latest'],
      ['1.0', 'latest'],
      ['v0.15.3', 'latest'],
      ['0.8.3', '0.9.3'],
      ['0.13.9', '0.13.1'],
      ['14.2', '0.14.2'],
      ['0_14_1', '0.14.1'],
      ['0.14.2-rc1', '0.14.2'],
      ['0.14.2.', '0.14.2'],
    ];
    for (const [typed, meant] of cases) {
      assert.throws(
        () => RELEASES.get(typed),
        ({ message }: Error) => message.endsWith(`; did you mean ${meant}?`),
        typed,
      );
      assert.ok(RELEASES.get(meant), meant);
    }
    for (const typed of ['', 'foo', 'nonsense', 'x'.repeat(10_000)]) {
      assert.throws(() => RELEASES.get(typed), /run as one of these$/, typed.slice(0, 20));
    }
  });

  it('is named where it works, each of them', () => {
    let message = '';
    try {
      RELEASES.get('foo');
    } catch (error) {
      ({ message } = error as Error);
    }
    const named: readonly string[] = message.match(/\d+\.\d+\.\d+/g) ?? [];
    for (const version of [...named, ...RELEASES.published]) {
      assert.ok(named.includes(version), `${version} works and is not named`);
      assert.ok(RELEASES.get(version), `${version} is named`);
    }
  });

  it('has the nearest release standing for it: of the same minor version where there is one', () => {
    const cases: [string, string][] = [
      ['0.12.0', '0.12.1'],
      ['0.13.0', '0.13.1'],
      ['0.13.9', '0.13.1'],
      ['0.14.1', '0.14.1'],
      ['0.14.7', '0.14.2'],
      ['0.10.0', 'new'],
      ['0.8.3', '0.9.3'],
      ['0.15.0', 'latest'],
    ];
    for (const [version, id] of cases) {
      assert.equal(RELEASES.ofVersion(version)?.id, id, version);
    }
  });
});

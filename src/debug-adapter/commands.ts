import { t } from '@vscode/l10n';
import { inWords } from '../base/count-words.ts';
import { parseDurationUs } from '../base/duration.ts';
import { naturalCompare } from '../base/natural-order.ts';
import type { Debugger } from '../debug/debugger.ts';
import type { Edit } from '../debug/edits.ts';
import { NAMES } from '../debug/expression-names.ts';
import type { Moment } from '../debug/moments.ts';
import { momentAt } from '../debug/navigation.ts';
import { objectKey } from '../debug/recording.ts';
import { deleteRequest, patchRequest } from '../kubernetes/request.ts';
import { EphemeralRunners, Pods } from '../kubernetes/resource.ts';
import { splitKey, type Pod } from '../kubernetes/types.ts';
import { LONGEST_US } from '../run/conditions-control.ts';
import { MOST_EXIT_CODE } from '../run/happenings.ts';

/** What a command of the debug console wants done. */
export type Command =
  | { readonly kind: 'edit'; readonly edit: Edit; readonly said: string }
  | { readonly kind: 'future'; readonly future: number }
  | { readonly kind: 'goto'; readonly moment: Moment }
  | { readonly kind: 'say'; readonly text: string };

/** What can be typed; without changes where nothing can be changed. */
function helpText(debugging: Debugger): string {
  const expressions = t('Everything else is a CEL expression over {0}.', inWords(NAMES));
  return debugging.isEditable
    ? t(
        'Commands: delete runner NAME, delete pod NAME, evict NAME, exit CODE NAME, set jitLatency|apiLatency DURATION, future N, goto MOMENT, goto TIME [RUNNER]. {0}',
        expressions,
      )
    : t('Commands: goto MOMENT, goto TIME [RUNNER]. {0}', expressions);
}

/**
 * Reads a command of the debug console; undefined where the text is none, so that it is an expression.
 * @throws UnansweredError for a change of a run that cannot be run again
 */
export function parseCommand(text: string, debugging: Debugger): Command | undefined {
  const { recording, at, futures } = debugging;
  const [verb = '', ...words] = text.trim().split(/\s+/);
  switch (verb.toLowerCase()) {
    case 'help':
      return { kind: 'say', text: helpText(debugging) };
    case 'delete': {
      const [kind = '', name = ''] = words;
      const resource = kind === 'runner' ? EphemeralRunners : kind === 'pod' ? Pods : undefined;
      if (resource === undefined || words.length !== 2) return USAGE(t('delete runner NAME, or delete pod NAME'));
      const namespace = namespaceToChange(debugging, resource.kind, name);
      if (typeof namespace !== 'string') return namespace;
      const edit = { kind: 'user', moment: at, request: deleteRequest(resource, namespace, name) } as const;
      return { kind: 'edit', edit, said: t('{0} is deleted here.', `${kind} ${name}`) };
    }
    case 'evict': {
      const [name = ''] = words;
      if (words.length !== 1) return USAGE(t('evict NAME, of a runner'));
      const namespace = namespaceToChange(debugging, Pods.kind, name);
      if (typeof namespace !== 'string') return namespace;
      const said = t('Pod {0} is evicted here.', name);
      if (isRunning(recording, at, namespace, name)) {
        return {
          kind: 'edit',
          edit: { kind: 'happening', moment: at, happening: { do: 'evict', runner: name } },
          said,
        };
      }
      // No kubelet has begun with it that could end it.
      const body = { status: { phase: 'Failed', reason: 'Evicted', message: t('evicted in the debugger') } };
      const edit = { kind: 'user', moment: at, request: patchRequest(Pods, namespace, name, body, 'status') } as const;
      return { kind: 'edit', edit, said };
    }
    case 'exit': {
      const [text = '', name = ''] = words;
      const code = Number(text);
      if (words.length !== 2 || !/^\d+$/.test(text)) return USAGE(t('exit CODE NAME, of a runner'));
      if (code > MOST_EXIT_CODE) {
        return { kind: 'say', text: t('An exit code is from 0 to {0}, not {1}.', MOST_EXIT_CODE, text) };
      }
      const namespace = namespaceToChange(debugging, Pods.kind, name);
      if (typeof namespace !== 'string') return namespace;
      if (!isRunning(recording, at, namespace, name)) {
        return { kind: 'say', text: t('The pod of {0} does not run at this moment.', name) };
      }
      const edit = { kind: 'happening', moment: at, happening: { do: 'exit', runner: name, code } } as const;
      return { kind: 'edit', edit, said: t('The container of {0} ends with exit code {1} here.', name, code) };
    }
    case 'set': {
      const [knob = '', value = ''] = words;
      // It is also the name of an object, which expressions begin with.
      if (!/^[a-zA-Z]+(?:$|=[^=])/.test(knob) || knob === 'in') return undefined;
      if ((knob !== 'jitLatency' && knob !== 'apiLatency') || words.length > 2) {
        return USAGE(t('set jitLatency DURATION, or set apiLatency DURATION'));
      }
      const us = parseDurationUs(value);
      if (us === undefined) {
        const given = value === '' ? '' : t(', not {0}', value);
        return { kind: 'say', text: t('{0} takes a duration such as 2s{1}.', knob, given) };
      }
      if (us > LONGEST_US) return { kind: 'say', text: t('{0} is an hour at most, not {1}.', knob, value) };
      const edit = { kind: 'conditions', moment: at, change: { [`${knob}Us`]: us } } as const;
      return { kind: 'edit', edit, said: t('{0} is {1} from here on.', knob, value) };
    }
    case 'future': {
      const future = Number(words[0]);
      if (words.length > 1) return USAGE(t('future N'));
      if (!Number.isInteger(future) || future < 0 || future >= futures.length) {
        const last = futures.length - 1;
        const text =
          last === 0 ? t('There is no other future: change something first.') : t('There are futures 0 to {0}.', last);
        return { kind: 'say', text };
      }
      if (futures[future] === undefined) {
        const text = t('Future {0} had to make room in memory for later ones: make its change again.', future);
        return { kind: 'say', text };
      }
      return { kind: 'future', future };
    }
    case 'goto':
      return goto(words, recording);
    default:
      return undefined;
  }
}

function goto([where = '', runner]: readonly string[], recording: Debugger['recording']): Command {
  const { moments, finished } = recording;
  if (/^\d+$/.test(where) && runner === undefined) {
    const moment = Number(where);
    if (moment < moments.length) return { kind: 'goto', moment };
    return { kind: 'say', text: t('The run has moments 0 to {0}.', moments.length - 1) };
  }
  if (/^\d+$/.test(where)) {
    return {
      kind: 'say',
      text: t('goto takes the number of a moment alone; with a runner it takes a time such as 1.5s.'),
    };
  }
  const us = parseDurationUs(where);
  if (us === undefined) return { kind: 'say', text: t('goto takes the number of a moment, or a time such as 1.5s.') };
  const key = runner === undefined ? undefined : keyOfRunner(recording, runner);
  const moment = momentAt(recording, us + finished.originUs, key);
  if (moment === undefined) return { kind: 'say', text: noSuchRunnerText(recording, runner ?? '') };
  return { kind: 'goto', moment };
}

const USAGE = (form: string): Command => ({ kind: 'say', text: t('The command is written {0}.', form) });

/**
 * That of a runner, or of its pod, which is to be changed where the debugger stands; what to say where it is not there. The
 * pass may be of something in another namespace, such as a listener.
 * @throws UnansweredError where nothing can be changed
 */
function namespaceToChange(debugging: Debugger, kind: string, name: string): string | Command {
  debugging.checkEditable();
  const { recording, at } = debugging;
  const { truth, moments } = recording;
  const own = splitKey(moments.pass(at).key).namespace;
  const prefix = objectKey(EphemeralRunners.kind, '');
  const runners = [...truth.entriesAt(at).keys()].flatMap((key) =>
    key.startsWith(prefix) ? [splitKey(key.slice(prefix.length))] : [],
  );
  const namesakes = runners.filter((each) => each.name === name);
  const runner = namesakes.find(({ namespace }) => namespace === own) ?? namesakes[0];
  const { namespace } = runner ?? { namespace: own };
  if (truth.at(objectKey(kind, `${namespace}/${name}`), at) !== undefined) return namespace;
  if (runner !== undefined) return { kind: 'say', text: t('{0} has no pod at this moment.', name) };
  const names = runners.map((each) => each.name).sort(naturalCompare);
  return { kind: 'say', text: t('No runner is called {0} at this moment: {1}.', name, thereAre(names)) };
}

function isRunning({ truth }: Debugger['recording'], at: Moment, namespace: string, name: string): boolean {
  const pod = truth.at(objectKey(Pods.kind, `${namespace}/${name}`), at) as Pod | undefined;
  return pod?.status?.phase === 'Running';
}

/** Some of the names that there are, for who names another. */
function thereAre(names: readonly string[]): string {
  if (names.length === 0) return t('there are none');
  const some = names.slice(0, NAMED).join(', ');
  return names.length > NAMED ? t('there are {0} and {1} more', some, names.length - NAMED) : t('there are {0}', some);
}

const NAMED = 3;

/** What to say where no pass is of a runner. */
export function noSuchRunnerText({ moments }: Debugger['recording'], name: string): string {
  const names = new Set([...moments.passes()].map(({ key }) => splitKey(key).name));
  return t('No pass is of a runner called {0}: {1}.', name, thereAre([...names]));
}

/** The key of a runner that is named with or without its namespace. */
export function keyOfRunner({ moments }: Debugger['recording'], name: string): string {
  for (const { key } of moments.passes()) if (key === name || splitKey(key).name === name) return key;
  return name;
}

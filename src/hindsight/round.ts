import { t } from '@vscode/l10n';
import { timesText } from '../base/count-words.ts';
import { splitKey } from '../kubernetes/types.ts';
import { requestName } from '../trace/request-name.ts';
import { loopsOf, loopsText, type Loop } from '../run/run-end.ts';
import { isServiceCall, type Chronicle } from './chronicle.ts';

/** What a run that comes to no end does again and again. */
export type Round =
  /** Passes that end in the same way, each time with a requeue or an error. */
  | { readonly kind: 'passes'; readonly loop: Loop; readonly alike: readonly Loop[] }
  /** An object of this name that is gone and made again. */
  | { readonly kind: 'made again'; readonly resource: string; readonly name: string; readonly times: number };

/** Fewer than these in the second half of a run may be chance. */
const FEWEST_TIMES = 5;

/**
 * What is refused comes before what is made again, and that before what only waits.
 * @param isAskedAbout whose passes are looked at, by their keys
 */
export function roundOf(chronicle: Chronicle, isAskedAbout = (_key: string): boolean => true): Round | undefined {
  const loops = loopsOf(chronicle.finished.trace, isAskedAbout).sort((a, b) => b.times - a.times);
  const refused = loops.find(({ request, error }) => request !== undefined || error !== null);
  const made = refused === undefined ? madeAgain(chronicle) : undefined;
  const loop = refused ?? loops[0];
  if (made !== undefined || loop === undefined) return made;
  const kindOf = ({ request, error }: Loop): string => JSON.stringify([request, error]);
  return { kind: 'passes', loop, alike: loops.filter((each) => kindOf(each) === kindOf(loop)) };
}

function madeAgain({ finished: { trace, originUs }, sent }: Chronicle): Round | undefined {
  const halfUs = (originUs + (trace.endedUs ?? originUs)) / 2;
  const counts = new Map<string, Round & { kind: 'made again' }>();
  for (const { request, atUs, pass, refused } of sent) {
    if (atUs < halfUs || pass === undefined || refused !== undefined) continue;
    if (isServiceCall(request) || request.verb !== 'create') continue;
    const { name, resource } = request;
    const key = `${resource.plural} ${name}`;
    const times = (counts.get(key)?.times ?? 0) + 1;
    counts.set(key, { kind: 'made again', resource: resource.kind, name, times });
  }
  const most = [...counts.values()].sort((a, b) => b.times - a.times)[0];
  return most === undefined || most.times < FEWEST_TIMES ? undefined : most;
}

/** A clause. */
export function roundText(round: Round): string {
  if (round.kind === 'passes') return loopsText(round.alike);
  const { resource, name, times } = round;
  return t('{0} {1} is gone and made again, {2} in the second half of the run', resource, name, timesText(times));
}

/** What ends it. */
export function roundAdvice(round: Round | undefined, { written }: Chronicle): string {
  const image = (): string =>
    t("Change the image of the scale set's runners to a current version, which ends the round.");
  const isOutdated = written.some(({ phase }) => phase === 'Outdated');
  if (round === undefined) return isOutdated ? image() : '';
  if (round.kind === 'made again') {
    return isOutdated ? image() : t('Look at the log of {0} for what ends it.', round.name);
  }
  const { request, error, runner } = round.loop;
  const { name } = splitKey(runner);
  if (request?.resource === 'delete-runner' && request.status === 400) {
    return t('Look for the job of {0} at GitHub: where it has ended or hangs, cancel it. The runner goes then.', name);
  }
  if (request !== undefined) {
    const what = requestName(request);
    return request.status === 0
      ? t('Find out why {0} is not answered: when it is, the controller goes on by itself.', what)
      : t('Mend why {0} is answered with {1}: the controller then goes on by itself.', what, request.status);
  }
  if (error !== null) return t('Mend what the error names: the controller then goes on by itself.');
  return t("The controller's log says what {0} waits for: see to that.", name);
}

import { parseConfigUrl } from '../actions/config-url.ts';
import type { ProcessOptions } from './process-options.ts';
import type { Switches } from './releases/switches.ts';

/** Labels and annotations of what ARC makes for a scale set. */
type Labels = Readonly<Record<string, string>>;

export const COMPONENT_LABEL = 'app.kubernetes.io/component';
export const VERSION_LABEL = 'app.kubernetes.io/version';
/** Where the chart's documentation puts controllers and listeners. */
export const USUAL_NAMESPACE = 'arc-systems';
export const PART_OF_LABEL = 'app.kubernetes.io/part-of';
export const PART_OF = 'gha-runner-scale-set';
/** What the chart of the controller puts on what it installs. */
export const CONTROLLER_PART_OF = 'gha-rs-controller';
export const SCALE_SET_NAME_LABEL = 'actions.github.com/scale-set-name';
export const SCALE_SET_NAMESPACE_LABEL = 'actions.github.com/scale-set-namespace';

/** A label's greatest length. */
const LONGEST = 63;
const CUT = '-trim';

/** What others are to be found by: the labels of both, without those that are not passed on; the later ones count. */
export function passedOn(
  { excludedLabelPrefixes }: Pick<ProcessOptions, 'excludedLabelPrefixes'>,
  ...all: (Labels | undefined)[]
): Record<string, string> {
  const entries = all.flatMap((labels) => Object.entries(labels ?? {}));
  return Object.fromEntries(entries.filter(([key]) => !excludedLabelPrefixes.some((prefix) => key.startsWith(prefix))));
}

/**
 * Enterprise, organization and repository of a config URL.
 * @throws Error for a URL that names none
 */
export function labelsOfUrl(configUrl: string, switches: Switches): Record<string, string> {
  const { enterprise, organization, repository } = parseConfigUrl(configUrl);
  const parts = { enterprise, organization, repository };
  return Object.fromEntries(
    Object.entries(parts)
      .filter(([, name]) => name !== undefined && name !== '')
      .map(([part, name]) => [`actions.github.com/${part}`, labelValue(name as string, switches)]),
  );
}

function labelValue(name: string, switches: Switches): string {
  if (name.length > LONGEST) return name.slice(0, LONGEST - CUT.length) + CUT;
  return switches.has(3664) ? name.replace(/^[-_.]+|[-_.]+$/g, '') : name;
}

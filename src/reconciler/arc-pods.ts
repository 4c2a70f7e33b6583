import type { Container, Pod } from '../kubernetes/types.ts';
import { COMPONENT_LABEL, CONTROLLER_PART_OF, PART_OF_LABEL, VERSION_LABEL } from './labels.ts';

/** What of a container tells whose it is. */
type ToldBy = Pick<Container, 'image'> & { readonly args?: readonly string[] };

const LISTENER = 'runner-scale-set-listener';
const TAG = /:v?(\d+\.\d+\.\d+[^@]*)(?:@|$)/;

/** By its image, or where that was built elsewhere by the flag that the chart gives it. Listeners have the same image. */
export function isControllersContainer({ image = '', args = [] }: ToldBy): boolean {
  return image.includes('gha-runner-scale-set-controller') || args.includes('--auto-scaling-runner-set-only');
}

/** What a pod is to ARC, where it is not a runner's; what somebody has cut out of it tells nothing. */
export function arcRole(pod: Pod): 'controller' | 'listener' | undefined {
  const { labels = {} } = pod.metadata;
  if (labels[COMPONENT_LABEL] === LISTENER) return 'listener';
  const isController = labels[PART_OF_LABEL] === CONTROLLER_PART_OF || controllersContainer(pod) !== undefined;
  return isController ? 'controller' : undefined;
}

export function controllersContainer({ spec }: Pod): Container | undefined {
  const containers = Array.isArray(spec.containers) ? (spec.containers as readonly Container[]) : [];
  return containers.find((one) => isControllersContainer({ ...one, args: argsOf(one) }));
}

export function argsOf(container: Container): readonly string[] {
  const args = container['args'];
  return Array.isArray(args) ? args.filter((text) => typeof text === 'string') : [];
}

/** `0.12.1`: the tag of an image; undefined where it is no version. */
export function versionOfImage(image: string): string | undefined {
  return TAG.exec(image)?.[1];
}

/** The version that a controller's pod runs: by its image, or else by the label. */
export function versionOfPod(pod: Pod): string | undefined {
  return versionOfImage(controllersContainer(pod)?.image ?? '') ?? pod.metadata.labels?.[VERSION_LABEL];
}

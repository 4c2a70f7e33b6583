import { endOf, shortened } from './words.ts';

const IMAGE = /^(?:Failed to pull|Back-off pulling) image "([^"]+)"(?:: (.*))?$/s;
const SANDBOX = /^Failed to create pod sandbox: (?:rpc error: code = \w+ desc = )?(.*)$/s;
/** The chain of those that passed on why a container was not created: its end is the reason. */
const CONTAINER = /^Error: (failed to (?:create|start) .*)$/s;
/** More than one reason has, and less than a sentence. */
const WORDS = 10;

/** What scheduler and kubelet say, without what a reader does not need to know the reason. */
export function briefWords(words: string): string {
  const image = IMAGE.exec(words);
  if (image !== null) return imageWords(image[1] as string, image[2] ?? '');
  const sandbox = SANDBOX.exec(words);
  if (sandbox !== null) return endOf(sandbox[1] as string, WORDS).replace(/^add cmd: /, '');
  const container = CONTAINER.exec(words);
  if (container !== null) return endOf(container[1] as string, WORDS);
  return words
    .replace(/^(?:MountVolume\.SetUp failed for|Unable to attach or mount volumes:) /, '')
    .replace(/^pod didn't trigger scale-up: /, 'the autoscaler adds no node: ')
    .replace(/[.,;]? (?:no new claims to deallocate, )?preemption: .*$/s, '')
    .replace(/,? ?unattached volumes=\[[^\]]*\],?(?: failed to process volumes=\[\])?/, '')
    .replace(/ in pod \S+_\S+\([^)]*\)$/, '');
}

/** `ghcr.io/acme/runner:2: not found`: of the chain of what failed the end, and of that one sentence. */
function imageWords(image: string, why: string): string {
  const parts = why.split(/: /).filter((part) => !part.includes(image) && !/^(?:rpc error|ErrImagePull)$/.test(part));
  const reason =
    parts
      .join(': ')
      .replace(/^code = \w+ desc = /, '')
      .split(/\. /)[0] ?? '';
  return reason === '' ? image : `${image}: ${shortened(endOf(reason, WORDS), WORDS)}`;
}

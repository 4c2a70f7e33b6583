import type { Workload } from '../kubernetes/types.ts';

/** What the containers of a controller's deployment are started with. */
export function argumentsOf(deployment: Workload): readonly string[] {
  return deployment.spec.template.spec.containers.flatMap((container) =>
    Array.isArray(container['args']) ? (container['args'] as unknown[]).map(String) : [],
  );
}

/** The flag that an argument sets; Go takes one dash for two. */
export function flagOf(argument: string): string {
  return (argument.split('=')[0] ?? '').replace(/^--?(?=\w)/, '--');
}

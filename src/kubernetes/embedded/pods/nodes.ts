/** The nodes that simulated pods are placed on where nothing else is said. */
export const LAB_NODES: readonly string[] = nodeNames(3);

/** `lab-node-1` and so on. */
export function nodeNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `lab-node-${index + 1}`);
}

/** The address of a node, by its place in the list of nodes. */
export function nodeAddress(index: number): string {
  return `10.0.${index >> 8}.${(index & 255) + 1}`;
}

/** The address of the nth pod on a node, by the node's place in the list of nodes. */
export function podAddress(nodeIndex: number, pod: number): string {
  // Joined: put together it would stay several strings for as long as the pod is there.
  return [10, 64 + (nodeIndex & 63), (pod >> 8) & 255, pod & 255].join('.');
}

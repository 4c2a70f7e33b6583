/** Whether a setting for pods names a file and not a preset. */
export function isPodFile(pods: string): boolean {
  return /[/\\]|\.(ya?ml|json)$/i.test(pods);
}

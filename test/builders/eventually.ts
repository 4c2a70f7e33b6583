/**
 * Tries until it does not throw, and gives what it gave. For what another process or a server does in its own time; what
 * holds in the end is what counts.
 */
export async function eventually<T>(attempt: () => T | Promise<T>, limitMs = 60_000): Promise<T> {
  const endMs = Date.now() + limitMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > endMs) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

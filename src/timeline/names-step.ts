/**
 * Every how many lanes one has its name, so that names are apart: 1, 2, 5, 10, 20, 50 and so on.
 * @param lanePx height of a lane; less than 1 where several share a pixel
 * @param namePx height of a name
 */
export function namesStep(lanePx: number, namePx: number): number {
  for (let decade = 1; ; decade *= 10) {
    for (const step of [decade, 2 * decade, 5 * decade]) if (step * lanePx >= namePx) return step;
  }
}

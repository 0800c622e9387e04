/** What is thrown when a benchmark is asked for in a way that makes no sense. */
export class Misuse extends Error {
  override readonly name = "Misuse";
}

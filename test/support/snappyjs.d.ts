// The part of snappyjs that the tests use; the package has no types of its own.
declare module "snappyjs" {
  export function uncompress(compressed: Uint8Array): Uint8Array;
}

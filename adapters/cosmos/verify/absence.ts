// Absence by ICS-23: the keys on both sides of the path are neighbours, or the one there is ends the tree (README.md, "Absence").
import { equalBytes } from "#adapters/protocol/bytes.ts";
import { compareBytes } from "./compare-bytes.ts";
import type { ExistenceProof, InnerOp, NonExistenceProof } from "./evidence.ts";
import { calculateExistence, iavl } from "./ics23.ts";
import type { Side } from "./ics23.ts";

interface Neighbour {
  readonly key: Uint8Array;
  readonly path: readonly InnerOp[];
  readonly sides: readonly Side[];
}

function provenNeighbour(proof: ExistenceProof, root: Uint8Array): Neighbour | undefined {
  const proven = calculateExistence(proof, iavl);
  if (proven === undefined || !equalBytes(proven.root, root)) return undefined;
  return { key: proof.key, path: proof.path, sides: proven.sides };
}

const areAll = (sides: readonly Side[], side: Side): boolean => sides.every((each) => each === side);

const isSameOp = (left: InnerOp | undefined, right: InnerOp | undefined): boolean =>
  left !== undefined &&
  right !== undefined &&
  equalBytes(left.prefix, right.prefix) &&
  equalBytes(left.suffix, right.suffix);

/** Their ways up part below a common node, and from there each keeps to the other. */
function areAdjacent(left: Neighbour, right: Neighbour): boolean {
  let [leftTop, rightTop] = [left.path.length - 1, right.path.length - 1];
  while (isSameOp(left.path[leftTop], right.path[rightTop])) {
    leftTop -= 1;
    rightTop -= 1;
  }
  return (
    left.sides[leftTop] === "left" &&
    right.sides[rightTop] === "right" &&
    areAll(left.sides.slice(0, leftTop), "right") &&
    areAll(right.sides.slice(0, rightTop), "left")
  );
}

/** Whether the store with this root has nothing at `path`. */
export function isProvenAbsent(proof: NonExistenceProof, path: Uint8Array, root: Uint8Array): boolean {
  if (!equalBytes(proof.key, path)) return false;
  const left = proof.left && provenNeighbour(proof.left, root);
  const right = proof.right && provenNeighbour(proof.right, root);
  if ((proof.left && left === undefined) || (proof.right && right === undefined)) return false;
  if (left && compareBytes(left.key, path) >= 0) return false;
  if (right && compareBytes(path, right.key) >= 0) return false;
  if (left && right) return areAdjacent(left, right);
  if (right) return areAll(right.sides, "left");
  return left !== undefined && areAll(left.sides, "right");
}

//! What is asked of BLS12-381, which each host does with what it has.

/// The ciphersuite of Ethereum's consensus signatures, as domain separation tag of hash-to-curve.
pub const SUITE: &[u8] = b"BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_";

const COMPRESSED: u8 = 0x80;
const INFINITY: u8 = 0x40;
const LARGER_Y: u8 = 0x20;

/// Points are compressed as Ethereum and Zcash do it: 48 bytes in G1, 96 in G2.
pub trait Bls {
    /// The sum of points of G1. None when one is no canonical encoding of a point. The result may be infinity.
    fn sum(&self, points: &[[u8; 48]]) -> Option<[u8; 48]>;

    /// Whether `signature` is a canonical point of G2's subgroup, `key` one of G1's, and e(key, hash_to_g2(message, `SUITE`)) equals
    /// e(generator, signature). Neither is marked as infinity.
    fn verify(&self, key: &[u8; 48], message: &[u8; 32], signature: &[u8; 96]) -> bool;
}

/// Marked as compressed and as finite; whether a point has these coordinates is for the curve to say.
pub fn is_finite(first: u8) -> bool {
    first & (COMPRESSED | INFINITY) == COMPRESSED
}

/// The point with the other y.
pub fn negated(point: &[u8; 48]) -> [u8; 48] {
    let mut other = *point;
    other[0] ^= LARGER_Y;
    other
}

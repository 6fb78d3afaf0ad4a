//! BLS12-381 by the VM.
use crate::host;
use crate::memory::Region;
use ethereum_verifier::{Bls, SUITE};

/// The VM's number for SHA-256.
const SHA256: u32 = 0;

/// The generator of G1, compressed.
const GENERATOR: [u8; 48] = [
    0x97, 0xf1, 0xd3, 0xa7, 0x31, 0x97, 0xd7, 0x94, 0x26, 0x95, 0x63, 0x8c, 0x4f, 0xa9, 0xac, 0x0f, 0xc3, 0x68, 0x8c,
    0x4f, 0x97, 0x74, 0xb9, 0x05, 0xa1, 0x4e, 0x3a, 0x3f, 0x17, 0x1b, 0xac, 0x58, 0x6c, 0x55, 0xe8, 0x3f, 0xf9, 0x7a,
    0x1a, 0xef, 0xfb, 0x3a, 0xf0, 0x0a, 0xdb, 0x22, 0xc6, 0xbb,
];

pub struct HostBls;

impl Bls for HostBls {
    fn sum(&self, points: &[[u8; 48]]) -> Option<[u8; 48]> {
        let mut sum = [0; 48];
        let (mut points, mut out) = (Region::lend(points.as_flattened()), Region::room(&mut sum));
        // SAFETY: both regions outlive the call.
        let code = unsafe { host::bls12_381_aggregate_g1(points.address(), out.address()) };
        (code == 0).then_some(sum)
    }

    fn verify(&self, key: &[u8; 48], message: &[u8; 32], signature: &[u8; 96]) -> bool {
        let mut point = [0; 96];
        let (mut message, mut tag, mut out) = (Region::lend(message), Region::lend(SUITE), Region::room(&mut point));
        // SAFETY: the regions outlive the call.
        let code = unsafe { host::bls12_381_hash_to_g2(SHA256, message.address(), tag.address(), out.address()) };
        if code != 0 {
            return false;
        }
        let [mut key, mut point] = [Region::lend(key), Region::lend(&point)];
        let [mut generator, mut signature] = [Region::lend(&GENERATOR), Region::lend(signature)];
        // SAFETY: the regions outlive the call.
        let code = unsafe {
            host::bls12_381_pairing_equality(key.address(), point.address(), generator.address(), signature.address())
        };
        code == 0
    }
}

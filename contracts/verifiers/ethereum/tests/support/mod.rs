//! The committed vectors, and BLS12-381 as an independent crate has it.
#![allow(dead_code, missing_docs, reason = "each test uses a part")]
use bls12_381::hash_to_curve::{ExpandMsgXmd, HashToCurve};
use bls12_381::{G1Affine, G1Projective, G2Affine, G2Projective, pairing};
use ethereum_verifier::{Bls, SUITE};
use serde::Deserialize;
use std::path::Path;

pub struct Curve;

impl Bls for Curve {
    fn sum(&self, points: &[[u8; 48]]) -> Option<[u8; 48]> {
        let mut sum = G1Projective::identity();
        for bytes in points {
            // The rule asks for a point of the curve; that the sum is one of the subgroup is `verify`'s to check.
            sum += Option::<G1Affine>::from(G1Affine::from_compressed_unchecked(bytes))
                .filter(|it| bool::from(it.is_on_curve()))?;
        }
        Some(G1Affine::from(sum).to_compressed())
    }

    fn verify(&self, key: &[u8; 48], message: &[u8; 32], signature: &[u8; 96]) -> bool {
        let (key, signature) = (G1Affine::from_compressed(key), G2Affine::from_compressed(signature));
        let (Some(key), Some(signature)) = (Option::<G1Affine>::from(key), Option::<G2Affine>::from(signature)) else {
            return false;
        };
        let point = <G2Projective as HashToCurve<ExpandMsgXmd<curve_sha2::Sha256>>>::hash_to_curve([message], SUITE);
        pairing(&key, &point.into()) == pairing(&G1Affine::generator(), &signature)
    }
}

#[derive(Deserialize)]
pub struct Vector {
    pub name: String,
    pub trusted: Option<String>,
    pub now: Option<String>,
    pub envelope: Option<String>,
    pub misbehaviour: Option<String>,
    pub expect: Expect,
}

#[derive(Deserialize)]
pub struct Expect {
    pub reason: Option<String>,
    pub state: Option<String>,
    pub height: Option<String>,
    pub timestamp: Option<String>,
}

pub fn bytes(hex: &str) -> Vec<u8> {
    let digits = hex.strip_prefix("0x").expect("0x");
    (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).expect("digits")).collect()
}

/// Those that a verifier judges: what a relayer compares with what it asked for is no part of it.
pub fn vectors() -> Vec<Vector> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../test/vectors/beacon");
    let mut files: Vec<_> = folder.read_dir().expect("vectors").map(|entry| entry.expect("entry").path()).collect();
    files.sort();
    let read = |path: &std::path::PathBuf| serde_json::from_slice(&std::fs::read(path).expect("file")).expect("vector");
    files.iter().map(read).filter(|vector: &Vector| vector.trusted.is_some()).collect()
}

//! Any bytes give a verdict: nothing panics, no arithmetic overflows (debug builds look), whatever is altered in valid evidence.
mod support;

use ethereum_verifier::{Bls, verify, verify_misbehaviour};
use support::{bytes, vectors};

/// Takes every signature for valid, so that damage gets past it, and costs nothing.
struct Lenient;

impl Bls for Lenient {
    fn sum(&self, points: &[[u8; 48]]) -> Option<[u8; 48]> {
        points.first().copied()
    }

    fn verify(&self, _: &[u8; 48], _: &[u8; 32], _: &[u8; 96]) -> bool {
        true
    }
}

/// xorshift64*: the same numbers in each run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % end.max(1)
    }
}

fn damage(valid: &[u8], numbers: &mut Numbers) -> Vec<u8> {
    let mut damaged = valid.to_vec();
    for _ in 0..=numbers.below(3) {
        let at = numbers.below(damaged.len());
        match numbers.below(7) {
            0 => damaged.truncate(at),
            1 => damaged.insert(at, numbers.below(256) as u8),
            2 if at < damaged.len() => drop(damaged.remove(at)),
            3 => damaged.iter_mut().skip(at).take(8).for_each(|byte| *byte = 0xff),
            4 => damaged.iter_mut().skip(at).take(32).for_each(|byte| *byte = 0),
            _ => damaged.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << numbers.below(8)),
        }
    }
    damaged
}

#[test]
fn damaged_vectors() {
    let mut numbers = Numbers(0x0c05_e3a7);
    let (mut accepted, mut refused) = (0_u32, 0_u32);
    for vector in vectors() {
        let trusted = bytes(vector.trusted.as_ref().expect("trusted"));
        let evidence = bytes(vector.envelope.as_ref().or(vector.misbehaviour.as_ref()).expect("evidence"));
        for round in 0..40 {
            let trusted = if round % 4 == 0 { damage(&trusted, &mut numbers) } else { trusted.clone() };
            let evidence = if round % 4 == 1 { evidence.clone() } else { damage(&evidence, &mut numbers) };
            let now = [0, u64::MAX, vector.now.as_ref().expect("now").parse().expect("seconds")][round % 3];
            let verdict = match vector.misbehaviour {
                Some(_) => verify_misbehaviour(&trusted, &evidence, now, &Lenient),
                None => verify(&trusted, &evidence, now, &Lenient),
            };
            *(if verdict.is_ok() { &mut accepted } else { &mut refused }) += 1;
        }
    }
    assert!(accepted > 50 && refused > 2000, "{accepted} accepted, {refused} refused");
}

#[test]
fn nothing_and_noise() {
    let mut numbers = Numbers(7);
    let trusted = bytes(vectors()[0].trusted.as_ref().expect("trusted"));
    for length in 0..600 {
        let noise: Vec<u8> = (0..length).map(|_| numbers.below(256) as u8).collect();
        assert!(verify(&trusted, &noise, 0, &Lenient).is_err());
        assert!(verify(&noise, &noise, 0, &Lenient).is_err());
        assert!(verify_misbehaviour(&trusted, &noise, 0, &Lenient).is_err());
    }
}

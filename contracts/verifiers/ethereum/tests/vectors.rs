//! Every beacon vector: the verdict, its reason, and the state that follows, as TypeScript and Solidity have them.
mod support;

use ethereum_verifier::{Accepted, Reason, verify, verify_misbehaviour};
use sha2::{Digest, Sha256};
use support::{Curve, Vector, bytes, vectors};

fn judge(vector: &Vector) -> Result<Accepted, Reason> {
    let trusted = bytes(vector.trusted.as_ref().expect("trusted"));
    let now = vector.now.as_ref().expect("now").parse().expect("seconds");
    match (&vector.envelope, &vector.misbehaviour) {
        (Some(envelope), None) => verify(&trusted, &bytes(envelope), now, &Curve),
        (None, Some(report)) => verify_misbehaviour(&trusted, &bytes(report), now, &Curve),
        _ => panic!("{} is about an envelope or a report", vector.name),
    }
}

#[test]
fn every_vector() {
    let vectors = vectors();
    assert!(vectors.len() > 150, "only {} vectors", vectors.len());
    let mut wrong = Vec::new();
    for vector in &vectors {
        let expect = &vector.expect;
        match judge(vector) {
            Ok(accepted) => {
                let state = bytes(expect.state.as_deref().unwrap_or("0x"));
                if Sha256::digest(&accepted.trusted)[..] != state[..]
                    || Some(accepted.height.to_string()) != expect.height
                    || Some(accepted.timestamp.to_string()) != expect.timestamp
                {
                    wrong.push(format!("{}: accepted, expected {:?}", vector.name, expect.reason));
                }
            }
            Err(reason) if Some(reason.name()) != expect.reason.as_deref() => {
                wrong.push(format!("{}: {}, expected {:?}", vector.name, reason.name(), expect.reason));
            }
            Err(_) => {}
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), vectors.len(), wrong.join("\n"));
}

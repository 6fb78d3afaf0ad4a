//! Judges a whole envelope, or a report: canonical bytes in, a verdict out.
use crate::bls::Bls;
use crate::envelope::{Envelope, EnvelopeClaim};
use crate::evidence::RootProof;
use crate::misbehaviour::judge_misbehaviour;
use crate::reason::Reason;
use crate::state_proof::{Claim, judge_claim, open_storage};
use crate::trusted_state::BeaconState;
use crate::update::{apply, judge_update};
use alloc::format;
use alloc::vec::Vec;

const VERSION: u64 = 1;

/// What follows from evidence that stands.
#[derive(Debug)]
pub struct Accepted {
    /// Canonical trusted state.
    pub trusted: Vec<u8>,
    /// Height at which the claims hold.
    pub height: u64,
    /// Unix seconds of that height on the source chain.
    pub timestamp: u64,
}

/// Judges an envelope against a canonical trusted state. `now` is the target chain's clock, Unix seconds.
pub fn verify(trusted: &[u8], envelope: &[u8], now: u64, bls: &impl Bls) -> Result<Accepted, Reason> {
    let mut state = BeaconState::decode(trusted).ok_or(Reason::Malformed)?;
    let envelope = Envelope::read(envelope).filter(|it| it.version == VERSION).ok_or(Reason::Malformed)?;
    if envelope.source_chain != format!("eip155:{}", state.chain_id).as_bytes() {
        return Err(Reason::WrongChain);
    }
    let proof = root_proof(&envelope)?;
    let claims = envelope.claims.iter().map(read_claim).collect::<Result<Vec<_>, _>>()?;
    for update in &envelope.updates {
        state = apply(&state, &judge_update(&state, update, now, bls)?)?;
    }
    let Some(proof) = proof else {
        state.active(now)?;
        if envelope.height != state.latest_height {
            return Err(Reason::UnknownHeight);
        }
        return Ok(Accepted { trusted: state.encode(), height: envelope.height, timestamp: state.latest_timestamp });
    };
    let storage_root = open_storage(&state, &proof, now)?;
    for claim in &claims {
        judge_claim(&state, &storage_root, claim)?;
    }
    Ok(Accepted { trusted: state.encode(), height: proof.height, timestamp: proof.timestamp })
}

/// Judges a report. When it stands, the trusted state that follows is the frozen one.
pub fn verify_misbehaviour(trusted: &[u8], report: &[u8], now: u64, bls: &impl Bls) -> Result<Accepted, Reason> {
    let state = BeaconState::decode(trusted).ok_or(Reason::Malformed)?;
    let conflict = judge_misbehaviour(&state, report, now, bls)?;
    let frozen = BeaconState { frozen: true, ..state };
    Ok(Accepted { trusted: frozen.encode(), height: conflict.height, timestamp: conflict.timestamp })
}

/// None only where there are no claims to share it.
fn root_proof<'a>(envelope: &Envelope<'a>) -> Result<Option<RootProof<'a>>, Reason> {
    if envelope.root_proof.is_empty() && envelope.claims.is_empty() {
        return Ok(None);
    }
    let proof = RootProof::read(envelope.root_proof).ok_or(Reason::Malformed)?;
    if proof.height != envelope.height {
        return Err(Reason::UnknownHeight);
    }
    Ok(Some(proof))
}

fn read_claim<'a>(claim: &EnvelopeClaim<'a>) -> Result<Claim<'a>, Reason> {
    let value = match (claim.membership, claim.value) {
        (0, []) => None,
        (1, value) => Some(value.try_into().map_err(|_| Reason::Malformed)?),
        _ => return Err(Reason::Malformed),
    };
    Ok(Claim { path: claim.path, value, proof: claim.proof })
}

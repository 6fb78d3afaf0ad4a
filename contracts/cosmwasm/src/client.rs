//! The light client's messages.
use crate::bls::HostBls;
use crate::error::Error;
use crate::messages::{InstantiateMsg, MerklePath, QueryMsg, SudoMsg, now, read};
use crate::recovery::migrate_client_store;
use crate::store::{Client, OWN, StorageRoot};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use ethereum_verifier::{
    BeaconState, Bytes32, Claim, Reason, RootProof, apply, conflicts, is_known, judge_claim, judge_misbehaviour,
    judge_update, open_storage, read_update,
};

/// What a client message holds, by its first byte.
enum ClientMessage<'a> {
    /// `0x00`: an SSZ `BeaconUpdate`.
    Update(&'a [u8]),
    /// `0x01`: an SSZ root proof, whose storage root is remembered for the height.
    RootProof(RootProof<'a>),
    /// `0x02`: an SSZ misbehaviour report.
    Misbehaviour(&'a [u8]),
}

impl<'a> ClientMessage<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, Error> {
        match bytes.split_first() {
            Some((0, update)) => Ok(Self::Update(update)),
            Some((1, proof)) => RootProof::read(proof).map(Self::RootProof).ok_or(Reason::Malformed.into()),
            Some((2, report)) => Ok(Self::Misbehaviour(report)),
            _ => Err(Error::Malformed("client message of an unknown kind")),
        }
    }
}

pub fn instantiate(msg: &[u8]) -> Result<(), Error> {
    let msg: InstantiateMsg = read(msg)?;
    let state = BeaconState::decode(&msg.client_state.0).ok_or(Error::Malformed("client state"))?;
    if msg.consensus_state.0 != state.latest_timestamp.to_be_bytes() {
        return Err(Error::Malformed("the consensus state is not the newest header's time"));
    }
    OWN.set_timestamp(state.latest_height, state.latest_timestamp);
    OWN.set_client(&Client { state, checksum: msg.checksum.0 });
    Ok(())
}

pub fn query(env: &[u8], msg: &[u8]) -> Result<Vec<u8>, Error> {
    let answer = match read(msg)? {
        QueryMsg::Status {} => format!(r#"{{"status":"{}"}}"#, status(now(env)?)),
        QueryMsg::TimestampAtHeight { height } => {
            let seconds = timestamp_at(height.number()?).ok_or(Reason::UnknownHeight)?;
            let nanoseconds = seconds.checked_mul(1_000_000_000).ok_or(Error::Malformed("timestamp"))?;
            format!(r#"{{"timestamp":{nanoseconds}}}"#)
        }
        QueryMsg::VerifyClientMessage { client_message } => {
            verify_client_message(now(env)?, &client_message.0)?;
            String::from("{}")
        }
        QueryMsg::CheckForMisbehaviour { client_message } => {
            let found = check_for_misbehaviour(now(env)?, &client_message.0)?;
            format!(r#"{{"found_misbehaviour":{found}}}"#)
        }
    };
    Ok(answer.into())
}

pub fn sudo(env: &[u8], msg: &[u8]) -> Result<Vec<u8>, Error> {
    let nothing = Ok(Vec::new());
    match read(msg)? {
        SudoMsg::UpdateState { client_message } => {
            let height = update_state(now(env)?, &client_message.0)?;
            let heights =
                height.map(|it| format!(r#"{{"revision_number":0,"revision_height":{it}}}"#)).unwrap_or_default();
            Ok(format!(r#"{{"heights":[{heights}]}}"#).into())
        }
        SudoMsg::UpdateStateOnMisbehaviour { client_message } => {
            freeze(now(env)?, &client_message.0)?;
            nothing
        }
        SudoMsg::VerifyMembership(msg) => {
            refuse_delays(msg.delay_time_period, msg.delay_block_period)?;
            let value = msg.value.0.as_slice().try_into().map_err(|_| Error::Malformed("value"))?;
            let claim = Claim { path: path(&msg.merkle_path)?, value: Some(value), proof: &msg.proof.0 };
            verify_claim(now(env)?, msg.height.number()?, &claim)?;
            nothing
        }
        SudoMsg::VerifyNonMembership(msg) => {
            refuse_delays(msg.delay_time_period, msg.delay_block_period)?;
            let claim = Claim { path: path(&msg.merkle_path)?, value: None, proof: &msg.proof.0 };
            verify_claim(now(env)?, msg.height.number()?, &claim)?;
            nothing
        }
        SudoMsg::VerifyUpgradeAndUpdateState(_) => Err(Error::Unsupported("Ethereum commits to no upgraded clients")),
        SudoMsg::MigrateClientStore {} => {
            migrate_client_store(now(env)?)?;
            nothing
        }
    }
}

fn status(now: u64) -> &'static str {
    match OWN.client().map(|client| client.state.active(now)) {
        Err(_) => "Unknown",
        Ok(Ok(())) => "Active",
        Ok(Err(Reason::ClientFrozen)) => "Frozen",
        Ok(Err(_)) => "Expired",
    }
}

/// Unix seconds of a height that is trusted, or whose storage root is.
fn timestamp_at(height: u64) -> Option<u64> {
    OWN.timestamp(height).or_else(|| OWN.storage_root(height).map(|proven| proven.timestamp))
}

/// All rules for the message, but that an update may contradict what is trusted: that is for `check_for_misbehaviour`, next.
fn verify_client_message(now: u64, message: &[u8]) -> Result<(), Error> {
    let message = ClientMessage::read(message)?;
    let state = OWN.client()?.state;
    match message {
        ClientMessage::Update(bytes) => {
            let update = judge_update(&state, bytes, now, &HostBls)?;
            if !conflicts(&state, &update) {
                apply(&state, &update)?;
            }
        }
        ClientMessage::RootProof(proof) => {
            open_storage(&state, &proof, now)?;
        }
        ClientMessage::Misbehaviour(report) => {
            judge_misbehaviour(&state, report, now, &HostBls)?;
        }
    }
    Ok(())
}

/// The module asks this only of messages that `verify_client_message` let pass, and takes an error for "none".
fn check_for_misbehaviour(now: u64, message: &[u8]) -> Result<bool, Error> {
    match ClientMessage::read(message)? {
        ClientMessage::Update(bytes) => {
            let state = OWN.client()?.state;
            Ok(conflicts(&state, &read_update(&state, bytes, now)?))
        }
        ClientMessage::RootProof(_) => Ok(false),
        ClientMessage::Misbehaviour(_) => Ok(true),
    }
}

/// The height whose consensus state is now kept, or was before. The module sends only what it verified in the same transaction, so
/// that the signature is not looked at again. Before a transaction is in a block, ibc-go calls this without having asked for misbehaviour
/// (`RedundantRelayDecorator`): evidence of it changes nothing here, or no mempool would take the transaction that freezes.
fn update_state(now: u64, message: &[u8]) -> Result<Option<u64>, Error> {
    let message = ClientMessage::read(message)?;
    let client = OWN.client()?;
    match message {
        ClientMessage::Update(bytes) => update(client, bytes, now),
        ClientMessage::RootProof(proof) => {
            let root = open_storage(&client.state, &proof, now)?;
            OWN.set_storage_root(&StorageRoot { height: proof.height, timestamp: proof.timestamp, root });
            Ok(None)
        }
        ClientMessage::Misbehaviour(_) => Ok(None),
    }
}

fn update(client: Client, bytes: &[u8], now: u64) -> Result<Option<u64>, Error> {
    let Client { state: before, checksum } = client;
    let update = read_update(&before, bytes, now)?;
    let height = update.height();
    if is_known(&before, &update) {
        return Ok(Some(height));
    }
    if conflicts(&before, &update) {
        return Ok(None);
    }
    let state = apply(&before, &update)?;
    let is_held = state.held_height(height) == Some(height);
    let forgotten = before.held_height(height).filter(|held| *held != height);
    if is_held {
        if let Some(forgotten) = forgotten {
            OWN.remove_timestamp(forgotten);
        }
        OWN.set_timestamp(height, update.timestamp());
    }
    OWN.set_client(&Client { state, checksum });
    Ok(is_held.then_some(height))
}

fn freeze(now: u64, message: &[u8]) -> Result<(), Error> {
    let message = ClientMessage::read(message)?;
    let mut client = OWN.client()?;
    match message {
        ClientMessage::Update(bytes) => {
            let update = judge_update(&client.state, bytes, now, &HostBls)?;
            if !conflicts(&client.state, &update) {
                return Err(Reason::NoConflict.into());
            }
        }
        ClientMessage::RootProof(_) => return Err(Reason::NoConflict.into()),
        ClientMessage::Misbehaviour(report) => {
            judge_misbehaviour(&client.state, report, now, &HostBls)?;
        }
    }
    client.state.frozen = true;
    OWN.set_client(&client);
    Ok(())
}

/// IBC v2 has none.
fn refuse_delays(time: u64, blocks: u64) -> Result<(), Error> {
    if time == 0 && blocks == 0 { Ok(()) } else { Err(Error::Unsupported("delay periods")) }
}

/// The packet path: the one element under the prefix `[""]`.
fn path(path: &MerklePath) -> Result<&[u8], Error> {
    match path.key_path.as_slice() {
        [only] if only.0.len() <= 128 => Ok(&only.0),
        _ => Err(Error::Malformed("path")),
    }
}

fn verify_claim(now: u64, height: u64, claim: &Claim) -> Result<(), Error> {
    let state = OWN.client()?.state;
    state.active(now)?;
    let root: Bytes32 = OWN.storage_root(height).ok_or(Reason::UnknownHeight)?.root;
    Ok(judge_claim(&state, &root, claim)?)
}

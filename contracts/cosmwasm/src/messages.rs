//! What 08-wasm calls the contract with (ibc-go modules/light-clients/08-wasm/types/contract_api.go): JSON, bytes in base64.
use crate::error::Error;
use alloc::string::String;
use alloc::vec::Vec;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use core::fmt;
use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, Error as _, Visitor};

pub struct Binary(pub Vec<u8>);

impl<'de> Deserialize<'de> for Binary {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Base64;
        impl Visitor<'_> for Base64 {
            type Value = Binary;
            fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
                out.write_str("base64")
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Binary, E> {
                STANDARD.decode(text).map(Binary).map_err(|_| E::custom("base64"))
            }
        }
        deserializer.deserialize_str(Base64)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Height {
    pub revision_number: u64,
    /// Number of the execution block.
    pub revision_height: u64,
}

impl Height {
    /// An Ethereum chain has one revision.
    pub fn number(&self) -> Result<u64, Error> {
        if self.revision_number == 0 { Ok(self.revision_height) } else { Err(Error::Malformed("height of a revision")) }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MerklePath {
    pub key_path: Vec<Binary>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InstantiateMsg {
    pub client_state: Binary,
    pub consensus_state: Binary,
    pub checksum: Binary,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum QueryMsg {
    Status {},
    TimestampAtHeight { height: Height },
    VerifyClientMessage { client_message: Binary },
    CheckForMisbehaviour { client_message: Binary },
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum SudoMsg {
    UpdateState { client_message: Binary },
    UpdateStateOnMisbehaviour { client_message: Binary },
    VerifyMembership(Membership),
    VerifyNonMembership(NonMembership),
    VerifyUpgradeAndUpdateState(Upgrade),
    MigrateClientStore {},
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Membership {
    pub height: Height,
    pub delay_time_period: u64,
    pub delay_block_period: u64,
    pub proof: Binary,
    pub merkle_path: MerklePath,
    pub value: Binary,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NonMembership {
    pub height: Height,
    pub delay_time_period: u64,
    pub delay_block_period: u64,
    pub proof: Binary,
    pub merkle_path: MerklePath,
}

/// Refused whatever it holds.
#[derive(Deserialize)]
pub struct Upgrade {}

/// What governance gives a migration: `{}`, or one row for the end of the fork table (ABI, as in the trusted state).
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MigrateMsg {
    #[serde(default)]
    pub add_fork: Option<Binary>,
}

#[derive(Deserialize)]
struct Env {
    block: Block,
}

#[derive(Deserialize)]
struct Block {
    time: Nanoseconds,
}

/// The VM has them as digits in a string.
struct Nanoseconds(u64);

impl<'de> Deserialize<'de> for Nanoseconds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let digits = String::deserialize(deserializer)?;
        digits.parse().map(Self).map_err(|_| D::Error::custom("nanoseconds"))
    }
}

/// A message, as a whole and nothing else.
pub fn read<T: DeserializeOwned>(json: &[u8]) -> Result<T, Error> {
    serde_json_wasm::from_slice(json).map_err(|_| Error::Malformed("message"))
}

/// The chain's clock, Unix seconds.
pub fn now(env: &[u8]) -> Result<u64, Error> {
    let env: Env = serde_json_wasm::from_slice(env).map_err(|_| Error::Malformed("env"))?;
    Ok(env.block.time.0 / 1_000_000_000)
}

pub fn encode(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

//! How calls are divided into blocks, and small blocks put together.

use std::collections::BTreeMap;

use callslot_core::{Call, Ended};

use crate::history_blocks::EndedCalls;
use crate::limits::{BYTES_PER_BLOCK, CALLS_OF_A_CLOSED_BLOCK, CALLS_PER_BLOCK};

/// About how many bytes a call has besides its texts.
const BYTES_PER_CALL: usize = 64;

/// The calls of several blocks as one. Of two with one sequence number the one of the later block stays.
#[must_use]
pub fn merge(blocks: Vec<EndedCalls>) -> EndedCalls {
    let is_in_order =
        blocks.iter().flatten().map(|(sequence, _)| *sequence).is_sorted_by(|a, b| a < b);
    let calls = blocks.into_iter().flatten();
    if is_in_order {
        calls.collect()
    } else {
        calls.collect::<BTreeMap<_, _>>().into_iter().collect()
    }
}

/// Calls divided into blocks, in order. All but the last are closed.
#[must_use]
pub fn split(calls: EndedCalls) -> Vec<EndedCalls> {
    let most = calls.len().div_ceil(calls.len().div_ceil(CALLS_PER_BLOCK).max(1));
    let mut blocks = Vec::new();
    let mut block = Vec::new();
    let mut bytes = 0;
    for call in calls {
        bytes += bytes_of(&call.1);
        block.push(call);
        if block.len() >= most || bytes >= BYTES_PER_BLOCK {
            blocks.push(std::mem::take(&mut block));
            bytes = 0;
        }
    }
    if !block.is_empty() {
        blocks.push(block);
    }
    blocks
}

/// Whether these calls are enough for a block that stays as it is. One that is open is merged with those that come.
#[must_use]
pub fn is_closed(calls: &EndedCalls) -> bool {
    calls.len() >= CALLS_OF_A_CLOSED_BLOCK
        || calls.iter().map(|(_, call)| bytes_of(call)).sum::<usize>() >= BYTES_PER_BLOCK
}

fn bytes_of(call: &Call<Ended>) -> usize {
    let metadata = call.request.metadata.as_ref().map_or(0, |text| text.len());
    let note = call.state.note.as_ref().map_or(0, |text| text.len());
    BYTES_PER_CALL + call.request.id.as_str().len() + metadata + note
}

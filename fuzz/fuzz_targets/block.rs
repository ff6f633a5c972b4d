//! Blocks of ended calls: bytes are refused, or mean calls that are packed, found and read back unchanged.
//!
//! A first byte that is odd gives the rest the right checksum and leaves out the compression, since no search finds either.
#![no_main]

use callslot_store::history_blocks::{Block, Packer, Summary, WantedId, erased, filter_of, unpack};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((&kind, rest)) = data.split_first() else { return };
    let read = if kind % 2 == 1 {
        let fitting = [&[1], &crc32fast::hash(rest).to_le_bytes()[..], rest].concat();
        Block::read_unpacked(&fitting)
    } else {
        Block::read(rest)
    };
    let Ok(block) = read else { return };
    assert!(!block.calls.is_empty(), "an empty block is refused");
    let packed = Packer::default().pack(&block.org, &block.calls);
    let again = Block::read(&packed).expect("what is packed can be read");
    assert_eq!(again, block);
    assert_eq!(Summary::of(&block.calls).calls, block.calls.len());
    let filter = filter_of(block.calls.iter().map(|(_, call)| &call.request.id));
    let unpacked = unpack(&packed).expect("it was packed");
    for (_, call) in &block.calls {
        let wanted = WantedId::new(&call.request.id);
        assert!(wanted.may_be_in(&filter[wanted.piece()]), "a filter has every id");
        let found = Block::newest_in(&unpacked, &call.request.id).expect("it was read before");
        assert!(found.is_some(), "a call is found by its id");
    }
    let first = &block.calls[0].1.request.id;
    if let Some(block) = erased(&unpacked, first).expect("it was read before") {
        let packed = Packer::default().pack(&block.org, &block.calls);
        let unpacked = unpack(&packed).expect("it was packed");
        assert!(erased(&unpacked, first).expect("it can be read").is_none(), "it is erased once");
    }
});

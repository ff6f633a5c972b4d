//! The JSON of a connection. Messages of an engine are read strictly: each frame is a command or a refusal, and a refusal
//! does not affect the other frames.

use callslot_api::limits::{MAX_FRAMES, MAX_RECONCILED_CALLS};
use callslot_api::{
    AdoptFrame, AnswerFrame, BatchResult, ClaimFrame, DeclineFrame, EndFrame, FrameHead, Object,
    ProblemCode as Code, ResumeFrame, StartFrame, ToldFrame,
};
use callslot_core::{Call, CallView, DeclineCall};
use callslot_engine_stream::{Asked, LateResume, Resumed, ServerFrame};
use callslot_node::GateHours;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::actions::calls::{decline_command, note, start_command};
use crate::convert;
use crate::engine_stream::limits::FRAMES_READ_AT_A_TIME;
use crate::extract::body::parsed;
use crate::extract::field::{at_most, checked_id, checked_ids, quoted};
use crate::refusal::Refusal;

/// One frame of an engine.
pub(crate) type Frame = callslot_engine_stream::Frame<Refusal>;

impl From<LateResume> for Refusal {
    fn from(_: LateResume) -> Self {
        Self::invalid_field(
            "op",
            "`resume` comes before the first `start` or `adopt` of a connection, and once; connect again to resume another lease",
        )
    }
}

/// Reads a message: one frame, or an array of frames. Other connections have their turn meanwhile.
pub(crate) async fn read(message: &str) -> Vec<Frame> {
    let parts = match parts(message) {
        Ok(parts) => parts,
        Err(refusal) => return vec![Frame { reference: None, asked: Err(refusal) }],
    };
    let is_array = is_array(message);
    let mut frames = Vec::with_capacity(parts.len());
    for (row, part) in parts.into_iter().enumerate() {
        if row > 0 && row % FRAMES_READ_AT_A_TIME == 0 {
            tokio::task::yield_now().await;
        }
        let frame = frame(part.get());
        frames.push(if is_array { in_row(row, frame) } else { frame });
    }
    frames
}

fn is_array(message: &str) -> bool {
    message.trim_start().starts_with('[')
}

/// A frame of an array: a refusal says which one it is about.
fn in_row(row: usize, frame: Frame) -> Frame {
    let asked = frame.asked.map_err(|refusal| refusal.in_row(&format!("frames[{row}]")));
    Frame { asked, ..frame }
}

fn parts(message: &str) -> Result<Vec<&RawValue>, Refusal> {
    let not_json = |error: serde_json::Error| {
        Refusal::new(Code::MalformedBody, format!("the message is not JSON: {error}"))
    };
    if !is_array(message) {
        return Ok(vec![serde_json::from_str(message).map_err(not_json)?]);
    }
    let parts: Vec<&RawValue> = serde_json::from_str(message).map_err(not_json)?;
    at_most("frames", "frames", parts.len(), MAX_FRAMES)?;
    Ok(parts)
}

fn frame(json: &str) -> Frame {
    // A frame that begins with its `op`, as most do, is read once, unless something is wrong with it.
    if let Some(frame) = plain_op(json).and_then(|op| whole(op, json).ok()) {
        return frame;
    }
    let (reference, refusal) = match parsed(json.as_bytes()) {
        Ok(FrameHead { op, reference }) => match whole(&op, json) {
            Ok(frame) => return frame,
            Err(refusal) => (reference, refusal),
        },
        Err(refusal) => (number(json), refusal),
    };
    Frame { reference, asked: Err(refusal) }
}

/// The client's number for a frame whose head cannot be read, if the number can.
fn number(json: &str) -> Option<u64> {
    #[derive(Deserialize)]
    struct Number {
        #[serde(rename = "ref")]
        reference: Option<u64>,
    }
    let Object(Number { reference }) = serde_json::from_str(json).ok()?;
    reference
}

fn plain_op(json: &str) -> Option<&str> {
    let (op, _) = json.strip_prefix(r#"{"op":""#)?.split_once('"')?;
    Some(op)
}

/// Reads a frame that asks `op`.
fn whole(op: &str, json: &str) -> Result<Frame, Refusal> {
    let (reference, asked) = match op {
        "start" => {
            let frame: StartFrame = fields(json)?;
            (frame.reference, start_command(&frame.into()).map(Asked::Start))
        }
        "claim" => {
            let frame: ClaimFrame = fields(json)?;
            (frame.reference, checked_id("id", &frame.id).map(Asked::Claim))
        }
        "decline" => {
            let frame: DeclineFrame = fields(json)?;
            (frame.reference, decline(&frame).map(Asked::Decline))
        }
        "end" => {
            let frame: EndFrame = fields(json)?;
            (frame.reference, end(&frame))
        }
        "adopt" => {
            let frame: AdoptFrame = fields(json)?;
            (frame.reference, checked_id("id", &frame.id).map(Asked::Adopt))
        }
        "resume" => {
            let frame: ResumeFrame = fields(json)?;
            (frame.reference, resume(&frame))
        }
        _ => {
            return Err(Refusal::invalid_field(
                "op",
                format!(
                    "`op` is {}; it must be start, claim, decline, end, adopt or resume",
                    quoted(op)
                ),
            ));
        }
    };
    Ok(Frame { reference, asked })
}

fn decline(frame: &DeclineFrame) -> Result<DeclineCall, Refusal> {
    decline_command(checked_id("id", &frame.id)?, frame.for_good, frame.note.as_deref())
}

fn end(frame: &EndFrame) -> Result<Asked, Refusal> {
    Ok(Asked::End(checked_id("id", &frame.id)?, note(frame.note.as_deref())?))
}

fn resume(frame: &ResumeFrame) -> Result<Asked, Refusal> {
    at_most("calls", "ids", frame.calls.len(), MAX_RECONCILED_CALLS)?;
    Ok(Asked::Resume(checked_id("lease", &frame.lease)?, checked_ids("calls", &frame.calls)?))
}

fn fields<T: DeserializeOwned + ToSchema>(json: &str) -> Result<T, Refusal> {
    parsed(json.as_bytes())
}

/// A frame to an engine as JSON.
pub(crate) fn json(frame: ServerFrame<Refusal>, hours: &GateHours) -> callslot_api::ServerFrame {
    let told = match frame {
        ServerFrame::Answer { reference, outcome } => {
            let outcome = match outcome {
                Ok(view) => BatchResult::Call(Box::new(convert::call_view(&view, hours))),
                Err(refusal) => BatchResult::Error(refusal.into_problem()),
            };
            return callslot_api::ServerFrame::Answer(AnswerFrame { reference, outcome });
        }
        ServerFrame::Hello { lease, grace_s } => {
            ToldFrame::Hello { lease: lease.to_string(), grace_s }
        }
        ServerFrame::Resumed(resumed) => ToldFrame::Resumed(resumed_json(&resumed, hours)),
        ServerFrame::Told(call) => told(&call),
        ServerFrame::Lost(call) => ToldFrame::Adopted { call: Box::new(convert::call(&call)) },
        ServerFrame::Position(view) => position(convert::call_view(&view, hours)),
    };
    callslot_api::ServerFrame::Told(told)
}

fn position(call: callslot_api::Call) -> ToldFrame {
    const QUEUED: &str = "a call with a position is queued";
    ToldFrame::Position {
        id: call.id,
        position: call.position.expect(QUEUED),
        blocked_on: call.blocked_on.expect(QUEUED),
        blocked_by: call.blocked_by,
        retry_in_ms: call.retry_in_ms,
        estimated_wait_ms: call.estimated_wait_ms,
    }
}

fn told(call: &Call) -> ToldFrame {
    let json = Box::new(convert::call(call));
    if call.is_queued() {
        ToldFrame::Queued { call: json }
    } else if call.is_active() {
        ToldFrame::Started { call: json }
    } else {
        ToldFrame::Ended { call: json }
    }
}

fn resumed_json(resumed: &Resumed, hours: &GateHours) -> callslot_api::Resumed {
    let view = |view: &CallView| convert::call_view(view, hours);
    let views = |views: &[CallView]| views.iter().map(view).collect();
    callslot_api::Resumed {
        reference: resumed.reference,
        lease: resumed.lease.to_string(),
        grace_s: resumed.grace_s,
        calls: views(&resumed.calls),
        ended: views(&resumed.ended),
        unknown: resumed.unknown.iter().map(convert::unknown_call).collect(),
        more: resumed.more,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The number, the code and the field of each refusal; of a frame that is taken the number alone.
    async fn read_as(message: &str) -> Vec<(Option<u64>, String)> {
        let said = |asked: Result<Asked, Refusal>| match asked {
            Ok(_) => "taken".to_owned(),
            Err(refusal) => {
                let problem = refusal.into_problem();
                format!("{} {}", problem.code, problem.field.unwrap_or_default())
            }
        };
        let frames = read(message).await.into_iter();
        frames.map(|frame| (frame.reference, said(frame.asked))).collect()
    }

    #[tokio::test]
    async fn each_frame_is_taken_or_refused_by_itself_under_its_own_number() {
        let start = r#"{"op":"start","ref":1,"agent":"a","type":"chat"}"#;
        for (message, number, said) in [
            (start, Some(1), "taken"),
            (r#"{"op":"end","id":"1","ref":18446744073709551615}"#, Some(u64::MAX), "taken"),
            (r#"{"op":"claim","id":"1"}"#, None, "taken"),
            (r#"{"op":"decline","id":"1"}"#, None, "taken"),
            (r#"{"op":"decline","ref":2,"id":"1","for_good":true,"note":"n"}"#, Some(2), "taken"),
            (
                r#"{"op":"decline","ref":2,"id":"1","for_good":1}"#,
                Some(2),
                "invalid_field for_good",
            ),
            (r#"{"op":"adopt","ref":2,"id":"1"}"#, Some(2), "taken"),
            (r#"{"op":"adopt","ref":2,"id":"1","lease":"l"}"#, Some(2), "invalid_field lease"),
            (r#"{"op":"resume","lease":"l","calls":["1"]}"#, None, "taken"),
            (r#"{"op":"start","ref":1,"agent":"a"}"#, Some(1), "invalid_field type"),
            (r#"{"op":"end","ref":1,"id":7}"#, Some(1), "invalid_field id"),
            (r#"{"op":"end","ref":1,"id":"1","x":1}"#, Some(1), "invalid_field x"),
            (
                r#"{"op":"start","ref":1,"agent":"a","type":"chat","lease":"l"}"#,
                Some(1),
                "invalid_field lease",
            ),
            (r#"{"op":"dance","ref":1}"#, Some(1), "invalid_field op"),
            (r#"{"op":"\u0065nd","id":"1","ref":1}"#, Some(1), "taken"),
            (r#"{"op":7,"ref":1}"#, Some(1), "invalid_field op"),
            (r#"{"op":null,"ref":1}"#, Some(1), "invalid_field op"),
            (r#"{"ref":1}"#, Some(1), "invalid_field op"),
            (r#"{"ref":1,"agent":"a","type":"chat"}"#, Some(1), "invalid_field op"),
            (r#"{"op":7,"ref":"1"}"#, None, "invalid_field op"),
            (r#"{"op":7,"ref":1,"ref":2}"#, None, "invalid_field op"),
            (r#"{"op":"end","id":"1","ref":"1"}"#, None, "invalid_field ref"),
            (r#"{"op":"end","id":"1","ref":-1}"#, None, "invalid_field ref"),
            (r#"{"op":"end","op":"end","id":"1","ref":1}"#, Some(1), "invalid_field op"),
            ("7", None, "invalid_field ."),
            ("", None, "malformed_body "),
            ("{", None, "malformed_body "),
            (r#"{"op":"end","id":"1"} {}"#, None, "malformed_body "),
            (r#"[{"op":"end","id":"1"}"#, None, "malformed_body "),
        ] {
            assert_eq!(read_as(message).await, [(number, said.to_owned())], "{message}");
        }
        assert_eq!(read_as("[]").await, []);
        let batch = format!(r#" [{start}, 7, [7], {{"ref":3}}, {{"op":"end","ref":2,"id":"1"}}]"#);
        let said: Vec<_> = read_as(&batch).await.into_iter().map(|(number, _)| number).collect();
        assert_eq!(said, [Some(1), None, None, Some(3), Some(2)]);
        let batch = format!(r#"[{start}, {{"op":"end","id":7}}, 7]"#);
        let said: Vec<_> = read_as(&batch).await.into_iter().map(|(_, said)| said).collect();
        assert_eq!(said, ["taken", "invalid_field frames[1].id", "invalid_field frames[2]"]);
    }

    #[tokio::test]
    async fn a_batch_has_a_bound() {
        let batch =
            |frames: usize| format!("[{}]", vec![r#"{"op":"end","id":"1"}"#; frames].join(","));
        assert_eq!(read(&batch(1_000)).await.len(), 1_000);
        assert_eq!(read_as(&batch(1_001)).await, [(None, "invalid_field frames".to_owned())]);
    }
}

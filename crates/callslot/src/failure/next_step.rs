//! What to type next when the server has refused something. Its own sentence names the request; here it is a command or a flag.

use callslot_api::Problem;

/// What is wrong, and the next step.
pub fn with_next_step(problem: &Problem) -> String {
    let Problem { code, detail, .. } = problem;
    let Some(step) = step(code) else {
        return problem.to_string().replace("the header `callslot-org`", "--org");
    };
    // A sentence of the server's is what is wrong, `; `, and the next step.
    let facts = detail.split("; ").next().unwrap_or(detail);
    match code.as_str() {
        // That one begins with the step.
        "unauthenticated" => format!("{step} ({code})"),
        _ => format!("{facts}; {step} ({code})"),
    }
}

/// By the problem's code; none where the server's own step is one here too.
fn step(code: &str) -> Option<&'static str> {
    Some(match code {
        "unauthenticated" => {
            "a valid key is needed; set CALLSLOT_KEY or --key to one (`callslot key create NAME ROLE` creates more)"
        }
        "org_not_named" => "name one with --org or CALLSLOT_ORG (`callslot org list` lists them)",
        "unknown_org" => "`callslot org list` lists them",
        "org_exists" => "choose another id, or change the existing one with `callslot org edit`",
        "unknown_plan" => "`callslot plan list` lists them",
        "unknown_key" => "`callslot key list` lists them",
        "unknown_agent" => "create it with `callslot agent put`, or correct the id",
        "unknown_gate" => "create it with `callslot gate put`, or correct the id",
        "unknown_alert" => "create it with `callslot alert put`, or correct the id",
        "too_many_alerts" => "delete those that nobody needs with `callslot alert delete`",
        "too_many_agents" => "delete those that nobody uses with `callslot agent delete`",
        "too_many_gates" => "delete those that nobody uses with `callslot gate delete`",
        "gate_in_use" => "end them with `callslot call end --gate`, then delete it",
        "no_claim_due" => "end it with `callslot call end` if it is not to go on",
        "call_has_ended" => "`callslot call show` says why",
        "call_not_dispatched" => "wait until it is active, for instance with --wait",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use callslot_api::ProblemCode;

    use super::*;

    #[test]
    fn the_next_step_is_a_command_or_a_flag_and_never_a_request() {
        let said = |code, detail: &str| with_next_step(&Problem::new(code, detail));
        assert_eq!(
            said(
                ProblemCode::UnknownAgent,
                "no agent has the id a; create it with PUT /v1/agents/a, or correct the id"
            ),
            "no agent has the id a; create it with `callslot agent put`, or correct the id (unknown_agent)"
        );
        assert_eq!(
            said(ProblemCode::QueueFull, "10 calls wait; try again later"),
            "10 calls wait; try again later (queue_full)"
        );
        assert_eq!(
            said(ProblemCode::Forbidden, "it is another's; omit the header `callslot-org`"),
            "it is another's; omit --org (forbidden)"
        );
    }

    #[test]
    fn steps_are_those_of_codes_that_exist() {
        let known: Vec<&str> = ProblemCode::ALL.iter().map(|code| code.as_str()).collect();
        let source = include_str!("next_step.rs");
        let named =
            source.lines().filter_map(|line| line.trim().strip_prefix('"')?.split_once("\" => "));
        for (code, _) in named {
            assert!(known.contains(&code), "{code}");
            assert!(step(code).is_some(), "{code}");
        }
    }
}

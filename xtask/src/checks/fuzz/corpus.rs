//! Which inputs a corpus keeps: all that a person has named, and of the others a few that take many edges.

use std::collections::HashSet;

/// How many inputs, apart from those that a person has named, the repository keeps for each target.
const MAX_UNNAMED: usize = 40;

/// Picks inputs out of libFuzzer's notes on a merge: a list of files, and for each the edges that it takes. Those that a
/// person has named stay, and each further one takes the most edges that none before it takes.
pub fn fewest(notes: &str) -> Vec<&str> {
    let files = notes.lines().skip(2).take_while(|line| !line.starts_with("STARTED "));
    let mut inputs: Vec<(&str, HashSet<&str>)> = files.map(|file| (file, HashSet::new())).collect();
    for line in notes.lines().filter_map(|line| line.strip_prefix("FT ")) {
        let mut numbers = line.split_whitespace();
        let input = numbers.next().and_then(|number| number.parse::<usize>().ok());
        if let Some((_, edges)) = input.and_then(|input| inputs.get_mut(input)) {
            edges.extend(numbers);
        }
    }
    let (named, mut others): (Vec<_>, Vec<_>) =
        inputs.into_iter().partition(|(file, _)| is_named(file));
    let mut taken: HashSet<&str> = HashSet::new();
    let mut picked = Vec::new();
    for (file, edges) in named {
        picked.push(file);
        taken.extend(edges);
    }
    for _ in 0..MAX_UNNAMED {
        for (_, edges) in &mut others {
            edges.retain(|edge| !taken.contains(edge));
        }
        let Some(best) = (0..others.len()).max_by_key(|&other| others[other].1.len()) else {
            break;
        };
        let (file, edges) = others.swap_remove(best);
        if edges.is_empty() {
            break;
        }
        picked.push(file);
        taken.extend(edges);
    }
    picked
}

/// Whether an input has a name of its own; libFuzzer names by a hash.
fn is_named(file: &str) -> bool {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.len() != 40 || !name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_inputs_that_take_the_same_edges_one_is_kept_and_named_ones_stay() {
        let (large, small) = ("0".repeat(40), "1".repeat(40));
        let notes = format!(
            "3\n0\nc/seed\nc/{small}\nf/{large}\nSTARTED 0 1\nFT 0 5\nCOV 0 9\nSTARTED 1 1\nFT 1 5 6\nFT 2 5 6 7\n"
        );
        assert_eq!(fewest(&notes), ["c/seed", &format!("f/{large}")]);
    }
}

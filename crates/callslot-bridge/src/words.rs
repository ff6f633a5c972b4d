//! What callers are told, in the languages that there are words for.

/// The languages, as the beginning of their tags.
pub(crate) const LANGUAGES: [&str; 4] = ["de", "en", "es", "fr"];

/// The words of a language. `{position}` and `{minutes}` are filled in.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Words {
    /// The place in line, when nothing supports an estimate.
    place: &'static str,
    /// What follows when there is an estimate of a minute or less.
    soon: &'static str,
    /// What follows when there is a longer one.
    later: &'static str,
    /// For those who wait without a known place.
    pub(crate) wait: &'static str,
    /// At the end of an overflow that took nobody.
    pub(crate) nobody_free: &'static str,
    /// For those who asked to be called back.
    pub(crate) will_call_back: &'static str,
    /// For those who have left a message.
    pub(crate) message_taken: &'static str,
}

const GERMAN: Words = Words {
    place: "Sie sind auf Platz {position} der Warteschlange.",
    soon: " Es dauert nicht mehr lange.",
    later: " Es dauert etwa {minutes} Minuten.",
    wait: "Bitte bleiben Sie am Apparat.",
    nobody_free: "Zur Zeit ist leider niemand frei. Bitte rufen Sie später wieder an.",
    will_call_back: "Wir rufen Sie zurück, sobald Sie an der Reihe sind. Auf Wiederhören.",
    message_taken: "Vielen Dank für Ihre Nachricht. Auf Wiederhören.",
};
const ENGLISH: Words = Words {
    place: "You are number {position} in line.",
    soon: " It will not be long.",
    later: " It takes about {minutes} minutes.",
    wait: "Please hold the line.",
    nobody_free: "Nobody is free right now. Please call again later.",
    will_call_back: "We will call you back when it is your turn. Goodbye.",
    message_taken: "Thank you for your message. Goodbye.",
};
const SPANISH: Words = Words {
    place: "Su turno es el número {position}.",
    soon: " Le atenderemos muy pronto.",
    later: " La espera es de unos {minutes} minutos.",
    wait: "Por favor, no cuelgue.",
    nobody_free: "En este momento nadie está libre. Por favor, llame más tarde.",
    will_call_back: "Le llamaremos cuando sea su turno. Adiós.",
    message_taken: "Gracias por su mensaje. Adiós.",
};
const FRENCH: Words = Words {
    place: "Vous êtes au rang {position} de la file d'attente.",
    soon: " Votre attente sera courte.",
    later: " L'attente est d'environ {minutes} minutes.",
    wait: "Veuillez patienter.",
    nobody_free: "Personne n'est libre pour le moment. Veuillez rappeler plus tard.",
    will_call_back: "Nous vous rappellerons quand ce sera votre tour. Au revoir.",
    message_taken: "Merci de votre message. Au revoir.",
};

/// The words for a tag such as `de` or `en-GB`, if there are any.
pub(crate) fn of_language(tag: &str) -> Option<&'static Words> {
    match tag.split('-').next()? {
        "de" => Some(&GERMAN),
        "en" => Some(&ENGLISH),
        "es" => Some(&SPANISH),
        "fr" => Some(&FRENCH),
        _ => None,
    }
}

impl Words {
    /// The place in line and the estimate, in milliseconds; `own` are the number's own words.
    pub(crate) fn standing(
        &self,
        own: Option<&str>,
        position: u64,
        estimate_ms: Option<u64>,
    ) -> String {
        let minutes = estimate_ms.map(|ms| ms.div_ceil(60_000).max(1));
        let template = match (own, minutes) {
            (Some(own), Some(_)) => own.to_owned(),
            // An own text about minutes says nothing true without them.
            (Some(own), None) if !own.contains("{minutes}") => own.to_owned(),
            (_, None) => self.place.to_owned(),
            (None, Some(1)) => format!("{}{}", self.place, self.soon),
            (None, Some(_)) => format!("{}{}", self.place, self.later),
        };
        let minutes = minutes.unwrap_or_default().to_string();
        template.replace("{position}", &position.to_string()).replace("{minutes}", &minutes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_words_and_others_have_none() {
        for language in LANGUAGES {
            let words = of_language(&format!("{language}-XX")).expect("words");
            assert!(words.place.contains("{position}") && words.later.contains("{minutes}"));
        }
        assert_eq!(of_language("tlh"), None);
    }

    #[test]
    fn a_place_is_told_with_as_much_as_is_known() {
        let said = |own, estimate| ENGLISH.standing(own, 3, estimate);
        assert_eq!(said(None, None), "You are number 3 in line.");
        assert_eq!(said(None, Some(20_000)), "You are number 3 in line. It will not be long.");
        assert_eq!(said(None, Some(61_000)), "You are number 3 in line. It takes about 2 minutes.");
        assert_eq!(said(Some("{position}: {minutes}"), Some(180_000)), "3: 3");
        assert_eq!(said(Some("{position}: {minutes}"), None), "You are number 3 in line.");
        assert_eq!(said(Some("Place {position}"), None), "Place 3");
    }
}

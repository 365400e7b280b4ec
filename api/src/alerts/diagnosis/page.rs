//! The page of each known incident, `docs/incidents/*.md`: written from the catalogue, so that it cannot differ.

#[cfg(test)]
mod tests {
    use std::{fmt::Write, path::Path};

    use crate::alerts::diagnosis::catalogue::{ALL, Entry};

    fn page(entry: &Entry) -> String {
        let [en, ko] = entry.title;
        let english = section(entry, 0, ["Seen", "Cause", "Remedy"]);
        let korean = section(entry, 1, ["증상", "원인", "해결"]);
        format!("# {en}\n\n{english}\n## {ko}\n\n{korean}")
    }

    fn section(entry: &Entry, language: usize, [seen, why, what]: [&str; 3]) -> String {
        let (symptom, cause) = (entry.symptom, entry.cause[language]);
        let mut text = format!("**{seen}:** `{symptom}`\n\n**{why}:** {cause}\n\n**{what}:**\n\n");
        for (number, step) in entry.remedy[language].iter().enumerate() {
            let _ = writeln!(text, "{}. {step}", number + 1);
        }
        text
    }

    /// `WRITE_EXPECTED=1` writes them anew.
    #[test]
    fn every_known_incident_has_its_page() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/incidents");
        for entry in &ALL {
            let file = folder.join(format!("{}.md", entry.slug));
            let page = page(entry);
            if std::env::var_os("WRITE_EXPECTED").is_some() {
                std::fs::create_dir_all(&folder).expect("a folder");
                std::fs::write(&file, &page).expect("written");
            }
            let there = std::fs::read_to_string(&file).unwrap_or_default();
            assert_eq!(there, page, "make incidents writes {} anew", file.display());
        }
    }
}

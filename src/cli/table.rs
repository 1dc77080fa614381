//! Tables for eyes: columns as wide as their widest entry.

use latchkey::domain::Moment;

/// The heads, and a line for each row.
pub fn of<const COLUMNS: usize>(
    heads: [&str; COLUMNS],
    rows: impl Iterator<Item = [String; COLUMNS]>,
) -> String {
    let rows: Vec<_> = std::iter::once(heads.map(str::to_owned))
        .chain(rows)
        .collect();
    let width = |column: usize| {
        let lengths = rows.iter().map(|row| row[column].chars().count());
        lengths.max().unwrap_or_default()
    };
    let lines = rows.iter().map(|row| {
        let cells = row.iter().enumerate();
        let cells: Vec<_> = cells
            .map(|(column, cell)| format!("{cell:width$}", width = width(column)))
            .collect();
        format!("{}\n", cells.join("  ").trim_end())
    });
    lines.collect()
}

/// The day of this moment, in UTC.
pub fn day(at: Moment) -> String {
    let text = at.to_string();
    text.get(..10).unwrap_or(&text).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_below_their_heads() {
        let rows = [["Zoë", "1"], ["Bartholomew", "2"]].map(|row| row.map(str::to_owned));
        let table = of(["WHO", "N"], rows.into_iter());
        assert_eq!(table, "WHO          N\nZoë          1\nBartholomew  2\n");
        assert_eq!(day(Moment(1_795_215_662_123)), "2026-11-20");
    }
}

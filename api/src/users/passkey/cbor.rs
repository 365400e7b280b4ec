//! As much of CBOR (RFC 8949) as authenticators write: definite lengths only.

/// One item; the contents of arrays and maps follow as items of their own.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Item<'a> {
    /// An integer that fits.
    Int(i64),
    /// Bytes.
    Bytes(&'a [u8]),
    /// Text.
    Text(&'a str),
    /// An array of so many items.
    Array(u64),
    /// A map of so many pairs.
    Map(u64),
    /// A tag: one item follows.
    Tag,
    /// A number that is not whole, true, null and their like.
    Simple,
}

/// Reads items from the front of `0`, which holds what is left.
pub struct Reader<'a>(pub &'a [u8]);

impl<'a> Reader<'a> {
    /// The next item; `None` for everything that is no CBOR of ours.
    pub fn item(&mut self) -> Option<Item<'a>> {
        let (&first, rest) = self.0.split_first()?;
        self.0 = rest;
        let value = match first & 0x1f {
            small @ 0..=23 => u64::from(small),
            24 => u64::from_be_bytes(self.padded::<1>()?),
            25 => u64::from_be_bytes(self.padded::<2>()?),
            26 => u64::from_be_bytes(self.padded::<4>()?),
            27 => u64::from_be_bytes(self.padded::<8>()?),
            _ => return None,
        };
        Some(match first >> 5 {
            0 => Item::Int(i64::try_from(value).ok()?),
            1 => Item::Int(-1 - i64::try_from(value).ok()?),
            2 => Item::Bytes(self.take(value)?),
            3 => Item::Text(std::str::from_utf8(self.take(value)?).ok()?),
            4 => Item::Array(value),
            5 => Item::Map(value),
            6 => Item::Tag,
            _ => Item::Simple,
        })
    }

    /// The number of pairs of the map that comes next.
    pub fn map(&mut self) -> Option<u64> {
        match self.item()? {
            Item::Map(pairs) => Some(pairs),
            _ => None,
        }
    }

    /// Passes over one item with all that is in it. Each turn reads a byte at least, so it ends with the input.
    pub fn skip(&mut self) -> Option<()> {
        let mut left = 1_u64;
        while left > 0 {
            left -= 1;
            left = left.checked_add(match self.item()? {
                Item::Array(items) => items,
                Item::Map(pairs) => pairs.checked_mul(2)?,
                Item::Tag => 1,
                _ => 0,
            })?;
        }
        Some(())
    }

    /// Big-endian bytes, filled up with zeros from the front.
    fn padded<const N: usize>(&mut self) -> Option<[u8; 8]> {
        let mut bytes = [0; 8];
        let (head, rest) = self.0.split_at_checked(N)?;
        bytes[8 - N..].copy_from_slice(head);
        self.0 = rest;
        Some(bytes)
    }

    fn take(&mut self, length: u64) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(usize::try_from(length).ok()?)?;
        self.0 = rest;
        Some(head)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(hex: &str) -> Option<Item<'static>> {
        let bytes = hex::decode(hex).expect("hex").leak();
        Reader(bytes).item()
    }

    #[test]
    fn items_are_read_as_the_rfc_writes_them() {
        for (hex, item) in [
            ("00", Item::Int(0)),
            ("1864", Item::Int(100)),
            ("1903e8", Item::Int(1000)),
            ("1a000f4240", Item::Int(1_000_000)),
            ("26", Item::Int(-7)),
            ("390100", Item::Int(-257)),
            ("4401020304", Item::Bytes(&[1, 2, 3, 4])),
            ("63e6b0b4", Item::Text("水")),
            ("83", Item::Array(3)),
            ("b818", Item::Map(24)),
            ("f5", Item::Simple),
            ("fb3ff199999999999a", Item::Simple),
        ] {
            assert_eq!(read(hex), Some(item), "{hex}");
        }
    }

    #[test]
    fn what_is_cut_off_endless_or_too_large_is_refused() {
        for hex in [
            "",
            "18",
            "42ff",
            "5bffffffffffffffff00",
            "1bffffffffffffffff",
            "5f4100ff",
            "61ff",
        ] {
            assert_eq!(read(hex), None, "{hex}");
        }
        for hex in ["9bffffffffffffffff", "bbffffffffffffffff00", "8282"] {
            let bytes = hex::decode(hex).expect("hex");
            assert_eq!(Reader(&bytes).skip(), None, "{hex}");
        }
    }

    #[test]
    fn skipping_leaves_what_follows() {
        let bytes = hex::decode("a26161820102c1a0f400").expect("hex");
        let mut reader = Reader(&bytes[..]);
        // {"a": [1, 2], 1({}): false} and then 0
        assert_eq!(reader.skip(), Some(()));
        assert_eq!(reader.0, [0]);
    }
}

//! Where an HTTP/1.1 answer ends, and what its status is. Enough for the servers measured here.

/// How far the answer on one connection has come.
#[derive(Debug, Default)]
pub struct Answer {
    head: Vec<u8>,
    status: u16,
    retry_after: u64,
    closes: bool,
    body: Body,
}

#[derive(Debug, Default)]
enum Body {
    #[default]
    NotYet,
    /// So many bytes are still to come.
    Length(usize),
    /// In a chunk's size or trailer line, which begins like this; `last` after the chunk of size 0.
    Line { line: Vec<u8>, last: bool },
    /// So many bytes of a chunk are still to come, with the line end after them.
    Chunk(usize),
}

/// A whole answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Done {
    /// The status.
    pub status: u16,
    /// `Retry-After` in seconds, or 0.
    pub retry_after: u64,
    /// Whether the server closes the connection.
    pub closes: bool,
}

impl Answer {
    /// Takes what was read; tells when the answer is whole. What follows an answer is dropped: nothing is pipelined.
    pub fn take(&mut self, mut bytes: &[u8]) -> Option<Done> {
        if matches!(self.body, Body::NotYet) {
            bytes = self.take_head(bytes)?;
        }
        let whole = loop {
            match &mut self.body {
                Body::NotYet => break false,
                Body::Length(left) => {
                    *left = left.saturating_sub(bytes.len());
                    break *left == 0;
                }
                Body::Chunk(left) => {
                    let taken = bytes.len().min(*left);
                    *left -= taken;
                    bytes = &bytes[taken..];
                    if *left > 0 {
                        break false;
                    }
                    self.body = Body::Line { line: Vec::new(), last: false };
                }
                Body::Line { line, last } => {
                    let Some(end) = bytes.iter().position(|b| *b == b'\n') else {
                        line.extend_from_slice(bytes);
                        break false;
                    };
                    line.extend_from_slice(&bytes[..end]);
                    bytes = &bytes[end + 1..];
                    let text = String::from_utf8_lossy(line).trim().to_owned();
                    line.clear();
                    if *last {
                        if text.is_empty() {
                            break true;
                        }
                        continue;
                    }
                    match usize::from_str_radix(text.split(';').next().unwrap_or_default(), 16) {
                        Ok(0) | Err(_) => *last = true,
                        Ok(size) => self.body = Body::Chunk(size + 2),
                    }
                }
            }
        };
        if !whole {
            return None;
        }
        let done = Done { status: self.status, retry_after: self.retry_after, closes: self.closes };
        self.head.clear();
        self.body = Body::NotYet;
        Some(done)
    }

    /// What follows the head, once that is whole.
    fn take_head<'a>(&mut self, bytes: &'a [u8]) -> Option<&'a [u8]> {
        let before = self.head.len();
        self.head.extend_from_slice(bytes);
        let from = before.saturating_sub(3);
        let end = from + self.head[from..].windows(4).position(|w| w == b"\r\n\r\n")? + 4;
        let mut lines = self.head[..end].split(|b| *b == b'\n');
        let status = lines.next().and_then(|line| std::str::from_utf8(line.get(9..12)?).ok()?.parse().ok());
        self.status = status.unwrap_or(0);
        (self.retry_after, self.closes) = (0, false);
        let (mut length, mut chunked) = (0, false);
        for line in lines {
            let Some(colon) = line.iter().position(|b| *b == b':') else { continue };
            let (name, value) = (&line[..colon], line[colon + 1..].trim_ascii());
            let number = || std::str::from_utf8(value).ok().and_then(|text| text.parse::<u64>().ok()).unwrap_or(0);
            if name.eq_ignore_ascii_case(b"content-length") {
                length = number() as usize;
            } else if name.eq_ignore_ascii_case(b"transfer-encoding") {
                chunked = true;
            } else if name.eq_ignore_ascii_case(b"retry-after") {
                self.retry_after = number();
            } else if name.eq_ignore_ascii_case(b"connection") {
                self.closes = value.eq_ignore_ascii_case(b"close");
            }
        }
        self.body = match self.status {
            204 | 304 => Body::Length(0),
            _ if chunked => Body::Line { line: Vec::new(), last: false },
            _ => Body::Length(length),
        };
        Some(&bytes[end - before..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, status: u16) {
        // In pieces of every size.
        for size in 1..=text.len() {
            let mut answer = Answer::default();
            for _ in 0..2 {
                let mut pieces = text.as_bytes().chunks(size).peekable();
                while let Some(piece) = pieces.next() {
                    let done = answer.take(piece);
                    assert_eq!(done.is_some(), pieces.peek().is_none(), "{size}");
                    assert!(done.is_none_or(|done| done.status == status));
                }
            }
        }
    }

    #[test]
    fn it_ends_where_it_ends() {
        check("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200);
        check("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", 304);
        check("HTTP/1.1 503 Busy\r\ncontent-length: 0\r\nRetry-After: 1\r\n\r\n", 503);
        check(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nab\r\n\r\n10;x=y\r\n0123456789abcdef\r\n0\r\n\r\n",
            200,
        );
    }
}

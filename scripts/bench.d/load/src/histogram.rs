//! Durations, counted in buckets less than one percent wide.

const SUB_BITS: u32 = 7;

/// Counts of durations in nanoseconds.
#[derive(Debug, Default)]
pub struct Histogram {
    counts: Vec<u64>,
    count: u64,
    max: u64,
}

impl Histogram {
    /// Counts one duration.
    pub fn record(&mut self, nanos: u64) {
        let bucket = bucket_of(nanos);
        if bucket >= self.counts.len() {
            self.counts.resize(bucket + 1, 0);
        }
        self.counts[bucket] += 1;
        self.count += 1;
        self.max = self.max.max(nanos);
    }

    /// How many were counted.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The longest.
    pub fn max(&self) -> u64 {
        self.max
    }

    /// What the part `share` (0 to 1) of the durations doesn't exceed, rounded up to the end of its bucket.
    pub fn percentile(&self, share: f64) -> u64 {
        let rank = (share * self.count as f64).ceil().max(1.0) as u64;
        let mut seen = 0;
        for (bucket, count) in self.counts.iter().enumerate() {
            seen += count;
            if seen >= rank {
                return end_of(bucket).min(self.max);
            }
        }
        self.max
    }
}

/// Up to 2^SUB_BITS each duration has a bucket; from there on each doubling has 2^SUB_BITS of them.
fn bucket_of(nanos: u64) -> usize {
    let exponent = (63 - (nanos | 1).leading_zeros()).saturating_sub(SUB_BITS);
    ((u64::from(exponent) << SUB_BITS) + (nanos >> exponent)) as usize
}

fn end_of(bucket: usize) -> u64 {
    let bucket = bucket as u64;
    let exponent = (bucket >> SUB_BITS).saturating_sub(1);
    let mantissa = bucket - (exponent << SUB_BITS);
    ((mantissa + 1) << exponent) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_is_less_than_one_percent_wide() {
        let mut nanos = 1;
        while nanos < 1 << 40 {
            let end = end_of(bucket_of(nanos));
            assert!(end >= nanos && (end - nanos) as f64 <= nanos as f64 * 0.01, "{nanos} {end}");
            assert_eq!(bucket_of(end) + 1, bucket_of(end + 1));
            nanos += 1 + nanos / 77;
        }
    }

    #[test]
    fn percentiles_of_one_to_a_thousand() {
        let mut histogram = Histogram::default();
        (1..=1000).for_each(|n| histogram.record(n * 1000));
        let near = |share, want: f64| (histogram.percentile(share) as f64 / want - 1.0).abs() < 0.01;
        assert!(near(0.5, 500_000.0) && near(0.99, 990_000.0) && histogram.percentile(1.0) == 1_000_000);
    }
}

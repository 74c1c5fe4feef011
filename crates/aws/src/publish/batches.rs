//! Batches that are within both limits: of number and of bytes.

/// Cuts items into batches of at most `most` items and `bytes` bytes; an item that is larger alone is a batch alone.
pub(super) fn batches<T>(items: Vec<T>, most: usize, bytes: usize, size: impl Fn(&T) -> usize) -> Vec<Vec<T>> {
    let (mut all, mut batch, mut filled) = (Vec::new(), Vec::new(), 0);
    for item in items {
        let more = size(&item);
        if !batch.is_empty() && (batch.len() >= most || filled + more > bytes) {
            all.push(std::mem::take(&mut batch));
            filled = 0;
        }
        filled += more;
        batch.push(item);
    }
    if !batch.is_empty() {
        all.push(batch);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::batches;

    #[test]
    fn a_batch_is_full_by_number_or_by_bytes_and_nothing_is_lost() {
        let sizes = |items: Vec<usize>| batches(items, 3, 10, |size| *size);
        assert_eq!(sizes(vec![]), Vec::<Vec<usize>>::new());
        assert_eq!(sizes(vec![1; 7]), vec![vec![1; 3], vec![1; 3], vec![1]]);
        assert_eq!(sizes(vec![5, 5, 1, 99, 1]), vec![vec![5, 5], vec![1], vec![99], vec![1]]);
    }
}

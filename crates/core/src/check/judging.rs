//! From what an effective policy says and what the intent allows to a verdict.

use super::{AccountVerdict, Key, Keys, Reading, Said, ServiceVerdict, Setting, Standing};

/// The verdict of an account × service.
pub(super) fn service_verdict(reading: &Reading, standing: &[Standing], key: Key) -> ServiceVerdict {
    let said = reading.get(key);
    let allowed = |key: Key| standing.get(key.index()) == Some(&Standing::Allowed);
    match said.setting {
        Some(Setting::OptOut) => ServiceVerdict::OptedOut,
        Some(Setting::OptIn) if allowed(key) || (!said.own && allowed(Key::DEFAULT)) => ServiceVerdict::Excepted,
        Some(Setting::OptIn) => ServiceVerdict::OptedIn,
        Some(Setting::Unset) => ServiceVerdict::NotOptedOut,
        Some(Setting::Unrecognised) | None => ServiceVerdict::Unknown,
    }
}

/// The verdict of an account: the first that applies, worst first. Exceptions make it neither better nor worse.
pub(super) fn verdict(reading: &Reading, standing: &[Standing], keys: &Keys) -> AccountVerdict {
    let of = |key| service_verdict(reading, standing, key);
    let default = of(Key::DEFAULT);
    let relevant = |(key, said): &(Key, Said)| *key != Key::DEFAULT && (keys.is_known(*key) || said.own);
    let services = || reading.iter().filter(relevant).map(|(key, _)| of(key));
    let some_service = |verdict| services().any(|service| service == verdict);
    let settled = || services().all(|service| matches!(service, ServiceVerdict::OptedOut | ServiceVerdict::Excepted));
    if default == ServiceVerdict::OptedIn || some_service(ServiceVerdict::OptedIn) {
        return AccountVerdict::OptedIn;
    }
    if some_service(ServiceVerdict::NotOptedOut) || (default == ServiceVerdict::NotOptedOut && !settled()) {
        return AccountVerdict::NotOptedOut;
    }
    if default == ServiceVerdict::Unknown || !settled() {
        return AccountVerdict::Unknown;
    }
    match default {
        ServiceVerdict::NotOptedOut => AccountVerdict::OptedOutToday,
        ServiceVerdict::Excepted => AccountVerdict::Excepted,
        ServiceVerdict::OptedOut | ServiceVerdict::OptedIn | ServiceVerdict::Unknown => AccountVerdict::OptedOut,
    }
}

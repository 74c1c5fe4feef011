//! Reading an organization from the simulator, over HTTP.

#[cfg(test)]
mod callers;
#[cfg(test)]
mod changes;
#[cfg(test)]
mod controls;
#[cfg(test)]
mod evidence;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod forms;
#[cfg(test)]
mod granted;
#[cfg(test)]
mod landscape;
#[cfg(test)]
mod organization;
#[cfg(test)]
mod partial;
#[cfg(test)]
mod reader;
#[cfg(test)]
mod recording;
#[cfg(test)]
mod resuming;
#[cfg(test)]
mod stopping;

//! An Ansible playbook: variables for every user of a machine, and the fix for each user named.

use super::{Fleet, GeneratedFile, variables};
use crate::workstation::clients::Clients;

pub(super) fn generate(clients: &Clients) -> Fleet {
    let tasks: String = variables(clients).into_iter().map(|(variable, value)| task(&variable.name, &value)).collect();
    let text = format!("{HEAD}{tasks}{FIX}");
    let notes = vec![
        "give the accounts as `optout_users`; `optout` has to be installed on the machines".to_owned(),
        "/etc/environment is read at the next login, on Linux only".to_owned(),
    ];
    Fleet { files: vec![GeneratedFile { path: "optout-workstation.yml".to_owned(), text }], notes }
}

const HEAD: &str = "---
- name: Opt developers' machines out of data sharing of AWS tools
  hosts: all
  become: true
  vars:
    optout_users: []
  tasks:
";

fn task(name: &str, value: &str) -> String {
    format!(
        "    - name: Set {name} for every user
      ansible.builtin.lineinfile:
        path: /etc/environment
        regexp: '^{name}='
        line: '{name}={value}'
        create: true
        mode: '0644'
"
    )
}

const FIX: &str = "    - name: Opt each user's tools out
      ansible.builtin.command:
        argv: [optout, workstation, fix, --yes, --telemetry]
      become_user: '{{ item }}'
      loop: '{{ optout_users }}'
      register: optout_fix
      changed_when: \"'+++ b/' in optout_fix.stdout\"
      # 2 and 3: something is left that no file can change, or cannot be told; the check below says what.
      failed_when: optout_fix.rc not in [0, 2, 3]
    - name: Check each user's tools
      ansible.builtin.command:
        argv: [optout, workstation, check]
      become_user: '{{ item }}'
      loop: '{{ optout_users }}'
      changed_when: false
";

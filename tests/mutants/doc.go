// Command mutants applies small defects to the Go code, one at a time, and runs the
// tests of the package that contains it. A mutant that no test notices has survived:
// the invariant that its line protects is untested. `make mutants` runs it with the
// emulators; ONLY=shared/table limits it to files whose path contains that text.
//
// Each mutation breaks an invariant that a comment in the code states, and replaces
// text that occurs exactly once in its file. TestMutations checks that, so a change
// of the code that touches a mutation's line has to update the list.
package main

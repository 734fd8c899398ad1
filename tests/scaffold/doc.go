// Package scaffold tests make new: what it makes of each kind, in a copy of the
// repository, compiles, passes its tests, the rules and those of the template.
package scaffold

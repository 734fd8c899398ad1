package link

import (
	"strings"

	"github.com/minim-dev/minim/shared/fault"
)

// MaxReason is the longest reason of a takedown, in characters.
const MaxReason = 500

// Permitted returns a Denied fault if only an admin may make this edit of the link: taking
// it down or restoring it, and changing the codes of a link that was taken down, which
// could be used again then.
func (e Edit) Permitted(l Link, admin bool) error {
	switch {
	case admin:
	case e.TakenDown.Set:
		return fault.New(fault.Denied, "Only an admin can take a link down or restore it.")
	case l.TakenDown != "" && (e.Code != nil || e.Aliases != nil):
		return errKept
	}
	return nil
}

// FreePermitted returns a Denied fault if only an admin may free the link's codes.
func (l Link) FreePermitted(admin bool) error {
	if l.TakenDown != "" && !admin {
		return errKept
	}
	return nil
}

var errKept error = fault.New(fault.Denied, "The link was taken down. Only an admin can change or free its codes.")

// checkReason checks what visitors see instead of the link. Null restores it.
func checkReason(reason *string) string {
	switch {
	case reason == nil:
		return ""
	case blank(*reason):
		return "It must not be empty: visitors see the reason. Use null to restore the link."
	}
	return checkText(*reason, MaxReason)
}

// blank reports whether nothing of a text can be seen.
func blank(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return !invisible(r) }) < 0
}

// nullable is a text in JSON, null if it is empty.
func nullable(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

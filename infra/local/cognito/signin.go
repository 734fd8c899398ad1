package cognito

import (
	"errors"
	"time"
)

// Errors of users who have the correct password but cannot be signed in yet.
var (
	errUnconfirmed = errors.New("the address is not confirmed")
	errNewPassword = errors.New("the password has to be changed")
	errReset       = errors.New("the password has to be reset")
)

// freeTries is the number of wrong passwords without a delay. Each further one doubles the delay before the next attempt.
const freeTries = 5

// maxLock is the maximum delay before the next attempt.
const maxLock = 15 * time.Minute

// signIn checks a password and returns the user's name. It also returns the name with the errors above.
func (v *provider) signIn(c Client, name, password string) (user string, err error) {
	wrong := notAuthorized("Incorrect username or password.")
	var hash string
	locked := false
	err = v.read(func(s *state) error {
		if u, ok := s.find(&v.Pool, name); ok {
			user, hash, locked = u.Name, u.Password, v.now().Before(u.Locked)
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	if locked {
		return "", notAuthorized("Password attempts exceeded")
	}
	right := matches(hash, password) // takes as long for unknown users
	if user == "" && !c.HideUsers {
		return "", unknownUser()
	}
	if user == "" {
		return "", wrong
	}
	err = v.change(func(s *state) error {
		u := s.Users[user]
		switch {
		case u == nil || !right || u.Password != hash:
			if u != nil {
				u.failed(v.now())
			}
			return wrong
		case u.Disabled:
			return notAuthorized("User is disabled.")
		case u.Status == unconfirmed:
			return errUnconfirmed
		case u.Status == resetRequired:
			return errReset
		case u.Status == mustChange && !v.now().Before(u.Until):
			return notAuthorized("Temporary password has expired and must be reset by an administrator.")
		case u.Status == mustChange:
			return errNewPassword
		}
		u.Failures, u.Locked = 0, time.Time{}
		return nil
	})
	return user, err
}

// failed counts a wrong password. The caller holds mu.
func (u *user) failed(now time.Time) {
	if u.Failures++; u.Failures >= freeTries {
		u.Locked = now.Add(min(maxLock, time.Second<<min(u.Failures-freeTries, 20)))
	}
}

// choose sets a user's permanent password.
func (v *provider) choose(user, password string) error {
	if err := v.Password.check(password); err != nil {
		return err
	}
	hash := hashPassword(password)
	return v.change(func(s *state) error {
		u := s.Users[user]
		if u == nil || u.Disabled {
			return unknownUser()
		}
		u.permanent(hash, v.now())
		return nil
	})
}

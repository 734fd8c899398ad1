package logs

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// condition reports whether a message's JSON matches.
type condition func(event any) bool

// parser parses the inside of { … }: conditions with parentheses, && and ||. && has the
// higher precedence.
type parser struct {
	rest string
}

func parseJSON(pattern string) (*Filter, error) {
	inside, ok := strings.CutSuffix(pattern[1:], "}")
	if !ok {
		return nil, errors.New("the pattern { has no } at its end")
	}
	p := &parser{rest: inside}
	holds, err := p.either()
	if err == nil && p.peek() != "" {
		err = fmt.Errorf("%q is more than one condition: join them with && or ||", strings.TrimSpace(p.rest))
	}
	if err != nil {
		return nil, err
	}
	return &Filter{func(message string) bool {
		decoder := json.NewDecoder(strings.NewReader(message))
		decoder.UseNumber()
		var event any
		return decoder.Decode(&event) == nil && holds(event)
	}}, nil
}

func (p *parser) either() (condition, error) {
	return p.joined("||", p.both, func(a, b condition) condition { return func(event any) bool { return a(event) || b(event) } })
}

func (p *parser) both() (condition, error) {
	return p.joined("&&", p.single, func(a, b condition) condition { return func(event any) bool { return a(event) && b(event) } })
}

func (p *parser) joined(sign string, next func() (condition, error), join func(a, b condition) condition) (condition, error) {
	all, err := next()
	for err == nil && p.peek() == sign {
		p.take()
		var another condition
		if another, err = next(); err == nil {
			all = join(all, another)
		}
	}
	return all, err
}

func (p *parser) single() (condition, error) {
	first := p.take()
	if first == "(" {
		inside, err := p.either()
		if err == nil && p.take() != ")" {
			err = errors.New("a parenthesis is not closed")
		}
		return inside, err
	}
	selector, err := parseSelector(first)
	if err != nil {
		return nil, err
	}
	switch sign := p.take(); sign {
	case "IS":
		return p.is(selector)
	case "NOT":
		if p.take() != "EXISTS" {
			return nil, fmt.Errorf("%s NOT: expected EXISTS", first)
		}
		return func(event any) bool { return len(selector.find(event)) == 0 }, nil
	case "EXISTS":
		return nil, fmt.Errorf(`%s EXISTS: CloudWatch supports only NOT EXISTS; write %s = "*"`, first, first)
	case "=", "!=", "<", "<=", ">", ">=":
		return p.compared(selector, sign)
	default:
		return nil, fmt.Errorf("%s %s: expected a comparison, IS or NOT EXISTS", first, sign)
	}
}

func (p *parser) is(s selector) (condition, error) {
	word := p.take()
	wanted, ok := map[string]any{"NULL": nil, "TRUE": true, "FALSE": false}[word]
	if !ok {
		return nil, fmt.Errorf("IS %s: expected NULL, TRUE or FALSE", word)
	}
	return s.any(func(value any) bool { return value == wanted }), nil
}

// compared compares strings with a pattern, in which * matches anything, and numbers by
// value. A missing field is neither equal nor different.
func (p *parser) compared(s selector, sign string) (condition, error) {
	word := p.take()
	text, quoted := strings.CutPrefix(word, `"`)
	switch {
	case word == "" || !quoted && strings.ContainsAny(word[:1], "()=!<>&|$"):
		return nil, fmt.Errorf("%s %s: expected a value", sign, word)
	case !quoted && word[0] == '%':
		return nil, errors.New("regular expressions, %…%, are not supported by the local cloud")
	}
	if number, err := strconv.ParseFloat(word, 64); err == nil && !quoted {
		return s.any(func(value any) bool {
			given, ok := value.(json.Number)
			f, err := given.Float64()
			return ok && err == nil && ordered(sign, f, number)
		}), nil
	}
	if sign != "=" && sign != "!=" {
		return nil, fmt.Errorf("%s %s: only numbers have an order", sign, word)
	}
	return s.any(func(value any) bool {
		given, ok := value.(string)
		if number, isNumber := value.(json.Number); isNumber && !quoted {
			given, ok = number.String(), true
		}
		return text == "*" && sign == "=" || ok && wildcard(given, text) == (sign == "=")
	}), nil
}

func ordered(sign string, a, b float64) bool {
	switch sign {
	case "=":
		return a == b
	case "!=":
		return a != b
	case "<":
		return a < b
	case "<=":
		return a <= b
	case ">":
		return a > b
	}
	return a >= b
}

// wildcard matches a whole text; * matches anything.
func wildcard(text, pattern string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return text == pattern
	}
	rest, ok := strings.CutPrefix(text, parts[0])
	for _, part := range parts[1 : len(parts)-1] {
		if ok {
			_, rest, ok = strings.Cut(rest, part)
		}
	}
	return ok && strings.HasSuffix(rest, parts[len(parts)-1])
}

// peek returns the next word: a sign, a selector or a value. take also consumes it. A
// quoted value begins with its quote, but does not end with one.
func (p *parser) peek() string {
	word, _ := next(p.rest)
	return word
}

func (p *parser) take() (word string) {
	word, p.rest = next(p.rest)
	return word
}

func next(text string) (word, rest string) {
	text = strings.TrimSpace(text)
	for _, sign := range []string{"&&", "||", "!=", "<=", ">=", "=", "<", ">", "(", ")"} {
		if rest, ok := strings.CutPrefix(text, sign); ok {
			return sign, rest
		}
	}
	if quoted, ok := strings.CutPrefix(text, `"`); ok {
		inside, rest, ok := cutQuoted(quoted)
		if !ok {
			return "", text
		}
		return `"` + inside, rest
	}
	depth := 0
	for i, r := range text {
		switch {
		case r == '[':
			depth++
		case r == ']':
			depth--
		case depth <= 0 && strings.ContainsRune(" \t\r\n=!<>&|()\"", r):
			return text[:i], text[i:]
		}
	}
	return text, ""
}

package sheet_test

import (
	"testing"

	"github.com/minim-dev/minim/shared/sheet"
)

func TestCSV(t *testing.T) {
	tests := []struct{ text, want string }{
		{"plain", "plain"},
		{"", ""},
		{"2026-11-21", "2026-11-21"},
		{"https://example.com/?a=1&b=-2", "https://example.com/?a=1&b=-2"},
		{`say "hi", twice`, `"say ""hi"", twice"`},
		{"München", "München"},
		{"=1+1", "'=1+1"},
		{"+1", "'+1"},
		{"-1", "'-1"},
		{"@SUM(A1)", "'@SUM(A1)"},
		{"＝1", "'＝1"},
		{"\t=1", "'\t'=1"},
		{"\n=1", "\"'\r\n'=1\""},
		// Where a comma separates no numbers, a semicolon separates cells.
		{"https://evil.example/;=1;", "https://evil.example/;'=1;"},
		{`=HYPERLINK("https://evil.example","x")`, `"'=HYPERLINK(""https://evil.example"",""x"")"`},
	}
	for _, test := range tests {
		got, err := sheet.CSV([][]string{{"first", test.text, "last"}})
		if want := "first," + test.want + ",last\r\n"; err != nil || string(got) != want {
			t.Errorf("%q: %q, %v; want %q", test.text, got, err, want)
		}
	}
	if got, err := sheet.CSV(nil); err != nil || len(got) != 0 {
		t.Errorf("no rows: %q, %v", got, err)
	}
}

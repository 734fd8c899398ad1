package link

import (
	"slices"
	"strings"
)

// countries are the codes of ISO 3166-1, and XK, which is in common use for Kosovo.
const countries = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ " +
	"CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR " +
	"GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP " +
	"KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT " +
	"MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW " +
	"SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ " +
	"UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW"

// Devices returns the devices that a rule can name.
func Devices() []string { return []string{"desktop", "mobile", "tablet"} }

// Systems returns the operating systems that a rule can name.
func Systems() []string {
	return []string{"Android", "ChromeOS", "Linux", "Windows", "iOS", "macOS"}
}

func isCountry(code string) bool {
	return len(code) == 2 && !strings.Contains(code, " ") && strings.Contains(" "+countries+" ", " "+code+" ")
}

func inList(list []string) func(string) bool {
	return func(name string) bool { return slices.Contains(list, name) }
}

// isLanguage reports whether text has the form of a BCP 47 tag: a language of two or
// three letters, and subtags of one to eight letters and digits.
func isLanguage(text string) bool {
	language, rest, more := strings.Cut(text, "-")
	if len(language) < 2 || len(language) > 3 || strings.Trim(strings.ToLower(language), "abcdefghijklmnopqrstuvwxyz") != "" {
		return false
	}
	for more {
		var subtag string
		subtag, rest, more = strings.Cut(rest, "-")
		if subtag == "" || len(subtag) > 8 || !ValidCode(subtag) || strings.Contains(subtag, "_") {
			return false
		}
	}
	return len(text) <= 35
}

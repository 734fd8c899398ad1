package click

// Audience returns the country, device and system that a request comes from, which
// may be of a program; each is "" if it is unknown. The header function returns a
// header's value by its name, or "".
func Audience(header func(name string) string) (from, device, system string) {
	_, system, device = describe(header("User-Agent"))
	return country(header("CloudFront-Viewer-Country")), device, system
}

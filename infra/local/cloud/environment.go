package cloud

import (
	"os"
	"slices"
	"strings"
)

// Endpoints returns the variables that direct AWS SDKs to the local services. AWS_ENDPOINT_URL covers all other
// services: calls of them get an error. The metadata service of EC2 is disabled.
func (c *Cloud) Endpoints() map[string]string {
	all := map[string]string{
		"AWS_EC2_METADATA_DISABLED": "true",
		"AWS_ENDPOINT_URL_DYNAMODB": c.DynamoDB, "AWS_ENDPOINT_URL_S3": c.Emulators.S3, "AWS_ENDPOINT_URL_SQS": c.QueueEndpoint(),
	}
	for name, listener := range c.services {
		all[strings.TrimSuffix("AWS_ENDPOINT_URL_"+name, "_")] = "http://" + listener.Addr().String()
	}
	return all
}

// Environment returns the environment of this process, with its AWS settings replaced by Variables.
func (c *Cloud) Environment() []string {
	all := slices.DeleteFunc(os.Environ(), func(entry string) bool { return strings.HasPrefix(entry, "AWS_") })
	return append(all, c.Variables()...)
}

// Variables returns all variables that a client on this machine needs, sorted.
func (c *Cloud) Variables() []string {
	all := []string{
		"AWS_REGION=" + Region, "AWS_DEFAULT_REGION=" + Region,
		"AWS_ACCESS_KEY_ID=" + AccessKey, "AWS_SECRET_ACCESS_KEY=" + c.secretKey, "SITE_URL=http://" + c.o.Site,
	}
	for name, value := range c.Endpoints() {
		all = append(all, name+"="+value)
	}
	slices.Sort(all)
	return all
}

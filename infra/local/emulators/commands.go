package emulators

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/minim-dev/minim/infra/local/disk"
)

// hostVariable is the environment variable with the emulators' host. Arguments would be visible to other
// users of the machine.
const hostVariable = "LOCAL_CLOUD_HOST"

//go:embed dynamodb.xml
var dynamoDBServer []byte

// dynamoDB is Amazon's DynamoDB Local. It has no setting for the address to listen on, and
// does not check signatures. So its server is configured by Jetty's own configuration,
// which has such a setting, and accepts only requests for its host.
func dynamoDB(o Options, host string) emulator {
	folder := filepath.Join(o.Components, "dynamodb-local")
	return emulator{name: "dynamodb", health: "/", header: "Server", mark: "Jetty(", deadline: startDeadline, command: func(port int) (*exec.Cmd, error) {
		java, err := findJava()
		if err != nil {
			return nil, err
		}
		if err := built(folder, "DynamoDBLocal.jar"); err != nil {
			return nil, err
		}
		server := filepath.Join(o.State, "dynamodb.xml")
		if err := disk.Replace(server, dynamoDBServer); err != nil {
			return nil, err
		}
		args := []string{
			"-Xms24m", "-Xmx192m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
			"-Djava.library.path=" + filepath.Join(folder, "DynamoDBLocal_lib"),
			"-Dorg.eclipse.jetty.LEVEL=WARN", "-Dorg.eclipse.jetty.util.log.announce=false",
			"-cp", filepath.Join(folder, "DynamoDBLocal.jar"),
			"org.eclipse.jetty.xml.XmlConfiguration", server, fmt.Sprintf("port=%d", port), fmt.Sprintf("inMemory=%t", o.InMemory),
		}
		if !o.InMemory {
			data, err := makeFolder(o.State, "dynamodb")
			if err != nil {
				return nil, err
			}
			args = append(args, "dbPath="+data)
		}
		cmd := exec.Command(java, args...)
		cmd.Env = append(os.Environ(), hostVariable+"="+host)
		cmd.Dir = folder
		return cmd, nil
	}}
}

// objectsFolder is the folder of the buckets in the state folder.
const objectsFolder = "s3"

// storage is versitygw, which stores objects as files in a folder.
func storage(o Options) emulator {
	gateway := filepath.Join(o.Components, "versitygw")
	return emulator{name: "s3", health: "/_health", header: "Server", mark: "VERSITYGW", deadline: startDeadline, command: func(port int) (*exec.Cmd, error) {
		if err := built(filepath.Dir(gateway), "versitygw"); err != nil {
			return nil, err
		}
		objects, err := makeFolder(o.State, objectsFolder)
		if err != nil {
			return nil, err
		}
		args := []string{
			"--port", fmt.Sprintf("127.0.0.1:%d", port), "--region", o.Region, "--health", "/_health", "--keep-alive", "--quiet",
		}
		if o.Webhook != "" {
			args = append(args, "--event-webhook-url", o.Webhook)
		}
		if len(o.Accounts) > 0 {
			accounts, err := writeAccounts(o)
			if err != nil {
				return nil, err
			}
			args = append(args, "--iam-dir", accounts)
		}
		args = append(args, "posix")
		if o.Versioning {
			versions, err := makeFolder(o.State, "s3-versions")
			if err != nil {
				return nil, err
			}
			args = append(args, "--versioning-dir", versions)
		}
		if !keepsAttributes(objects) { // versitygw does not allow a name that begins with that of the objects' folder
			sidecar, err := makeFolder(o.State, "metadata-s3")
			if err != nil {
				return nil, err
			}
			args = append(args, "--sidecar", sidecar)
		}
		cmd := exec.Command(gateway, append(args, objects)...)
		cmd.Env = append(os.Environ(), "ROOT_ACCESS_KEY="+o.AccessKeyID, "ROOT_SECRET_KEY="+o.SecretAccessKey)
		return cmd, nil
	}}
}

// writeAccounts creates the folder with the additional accounts of versitygw.
func writeAccounts(o Options) (folder string, err error) {
	type account struct {
		Access string `json:"access"`
		Secret string `json:"secret"`
		Role   string `json:"role"`
	}
	all := map[string]account{}
	for access, secret := range o.Accounts {
		all[access] = account{access, secret, "admin"}
	}
	text, err := json.Marshal(map[string]any{"accessAccounts": all})
	if err != nil {
		return "", err
	}
	if folder, err = makeFolder(o.State, "s3-accounts"); err != nil {
		return "", err
	}
	return folder, disk.Replace(filepath.Join(folder, "users.json"), text)
}

// queues is fauxqs. Its command listens on all addresses, so a script starts its server
// instead: it listens on loopback and rejects requests for other hosts. fauxqs loses its
// data when it ends.
func queues(o Options, host string) emulator {
	return emulator{name: "sqs", health: "/health", header: "X-Amz-Id-2", mark: "fauxqs", deadline: startDeadline, command: func(port int) (*exec.Cmd, error) {
		node, err := findNode()
		if err != nil {
			return nil, err
		}
		if err := built(filepath.Join(o.Components, "node_modules", "fauxqs"), "package.json"); err != nil {
			return nil, err
		}
		script := fmt.Sprintf(`import { buildApp } from "fauxqs";
const app = buildApp({ logger: false, defaultRegion: %q });
app.addHook("onRequest", (request, reply, done) => request.headers.host === process.env.%s ? done() : reply.code(421).send());
await app.listen({ host: "127.0.0.1", port: %d });`, o.Region, hostVariable, port)
		cmd := exec.Command(node, "--input-type=module", "--max-old-space-size=128", "--eval", script)
		cmd.Dir = o.Components
		cmd.Env = append(os.Environ(), hostVariable+"="+host)
		return cmd, nil
	}}
}

// built returns an error if an artefact is missing, with the command to get it.
func built(folder, file string) error {
	if _, err := os.Stat(filepath.Join(folder, file)); err != nil {
		return fmt.Errorf("%s is missing: local-cloud components downloads it", filepath.Join(folder, file))
	}
	return nil
}

func makeFolder(state, name string) (string, error) {
	folder := filepath.Join(state, name)
	return folder, os.MkdirAll(folder, 0o700)
}

package template

import "testing"

// check is a property that every stack must have.
type check struct {
	name string
	run  func(reporter, stack)
}

func checks() []check {
	return []check{
		{"quotas", checkQuotas},
		{"references", checkReferences},
		{"names", checkNames},
		{"settings", checkSettings},
		{"settings of the stage", checkStageSettings},
		{"order", checkOrder},
		{"functions are all there", checkEveryFunctionIsInTheStack},
		{"functions", checkFunctions},
		{"logs", checkLogs},
		{"functions of the API answer in time", checkFunctionsOfTheAPIAnswerInTime},
		{"failures are kept", checkFailuresAreKept},
		{"environment", checkEnvironment},
		{"variables", checkVariables},
		{"secrets", checkSecrets},
		{"schedules", checkSchedules},
		{"roles", checkRoles},
		{"roles are exact", checkExactRoles},
		{"each role has one user", checkEveryRoleHasOneUser},
		{"writers", checkWriters},
		{"trust", checkTrust},
		{"the role of schedules", checkScheduleRole},
		{"the role of the API", checkAPIRole},
		{"no other identities", checkNoOtherIdentities},
		{"invokers", checkInvokers},
		{"resource policies", checkResourcePolicies},
		{"only TLS", checkOnlyTLS},
		{"edge reads buckets", checkEdgeReadsBuckets},
		{"tables", checkTables},
		{"indexes", checkIndexes},
		{"buckets", checkBuckets},
		{"uploads", checkUploads},
		{"queues", checkQueues},
		{"streams", checkStreams},
		{"behaviours", checkBehaviours},
		{"origins", checkOrigins},
		{"routes pass the edge", checkRoutesPassTheEdge},
		{"router", checkRouter},
		{"headers", checkHeaders},
		{"the viewer's TLS", checkViewerTLS},
		{"the API behind the edge", checkAPIBehindTheEdge},
		{"what CloudFront takes", checkWhatCloudFrontTakes},
		{"what the API takes", checkWhatTheAPITakes},
		{"domain", checkDomain},
		{"firewall", checkFirewall},
		{"access logs", checkAccessLogs},
		{"canary", checkCanary},
		{"errors are not cached", checkErrorsAreNotCached},
		{"buckets behind the edge", checkBucketsBehindTheEdge},
		{"headers of the site", checkSiteHeaders},
		{"routes", checkRoutes},
		{"routes are documented", checkRoutesAreDocumented},
		{"the API's stage", checkStage},
		{"alarms", checkAlarms},
		{"alarms can go off", checkAlarmsCanGoOff},
		{"refusals", checkRefusals},
		{"probe", checkProbe},
		{"users", checkUsers},
		{"alerts", checkAlerts},
		{"budget", checkBudget},
		{"tellers", checkTellers},
		{"runbook", checkRunbook},
	}
}

// TestStack runs every check on every stage.
func TestStack(t *testing.T) {
	for _, stage := range append(stages(), elsewhere()...) {
		t.Run(stage, func(t *testing.T) {
			s := load(t, stage)
			for _, c := range checks() {
				t.Run(c.name, func(t *testing.T) { c.run(t, s) })
			}
		})
	}
}

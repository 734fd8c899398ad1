package template

import (
	"slices"
	"strings"
)

// checkUsers: a stage without the setting has no user pool. With it, only people whom the stage admits can sign up,
// addresses are confirmed, tokens expire soon, and codes are sent to one address only.
func checkUsers(t reporter, s stack) {
	stage := file(t, "infra", "stages", s.stage+".yml")
	pools, wanted := s.of("AWS::Cognito::UserPool"), stage["users"] != false
	if (len(pools) == 1) != wanted {
		t.Errorf("the user pools are %v, and the stage says %v", pools, stage["users"])
	}
	if !wanted {
		return
	}
	pool, client := s.Resources["UserPool"], s.Resources["UserPoolClient"]
	protection := "INACTIVE"
	if stage["protect"] == true {
		protection = "ACTIVE"
	}
	if pool.DeletionPolicy != stage["keep"] || pool.UpdateReplacePolicy != "Retain" {
		t.Errorf("UserPool: %s and %s; the stage says %v", pool.DeletionPolicy, pool.UpdateReplacePolicy, stage["keep"])
	}
	for path, want := range map[string]any{
		"DeletionProtection": protection, "UsernameAttributes": []string{"email"}, "UsernameConfiguration.CaseSensitive": false,
		"AutoVerifiedAttributes": []string{"email"}, "UserAttributeUpdateSettings.AttributesRequireVerificationBeforeUpdate": []string{"email"},
		"AdminCreateUserConfig.AllowAdminCreateUserOnly":   follow(stage["users"], "signUp") == "invited",
		"AccountRecoverySetting.RecoveryMechanisms.0.Name": "verified_email", "UserPoolTier": "ESSENTIALS", "LambdaConfig": nil,
	} {
		pool.want(t, "UserPool", path, want)
	}
	if length, _ := pool.get("Policies.PasswordPolicy.MinimumLength").(float64); length < 12 {
		t.Errorf("UserPool: passwords of %v characters", length)
	}
	if from := follow(stage["users"], "from"); from != nil {
		pool.want(t, "UserPool", "EmailConfiguration.EmailSendingAccount", "DEVELOPER")
		pool.want(t, "UserPool", "EmailConfiguration.From", from)
	}
	at := func(path string) []any {
		site := stage["siteUrl"]
		if text, _ := site.(string); strings.Contains(text, "${") { // !Sub
			site = map[string]any{"Fn::Sub": text}
		}
		return []any{map[string]any{"Fn::Join": []any{"", []any{site, path}}}}
	}
	for path, want := range map[string]any{
		"UserPoolId.Ref": "UserPool", "GenerateSecret": true, "AllowedOAuthFlows": []string{"code"}, "SupportedIdentityProviders": []string{"COGNITO"},
		"CallbackURLs": at("/api/session/callback"), "LogoutURLs": at("/"), "ExplicitAuthFlows": []string{"ALLOW_REFRESH_TOKEN_AUTH"},
		"PreventUserExistenceErrors": "ENABLED", "EnableTokenRevocation": true,
		"TokenValidityUnits": map[string]any{"AccessToken": "minutes", "IdToken": "minutes", "RefreshToken": "minutes"},
	} {
		client.want(t, "UserPoolClient", path, want)
	}
	for name, most := range map[string]float64{"AccessTokenValidity": 15, "IdTokenValidity": 15, "RefreshTokenValidity": 60} {
		if valid, _ := client.get(name).(float64); valid <= 0 || valid > most {
			t.Errorf("UserPoolClient: %s is %v minutes, at most %v", name, valid, most)
		}
	}
	if slices.Contains(strs(client.get("WriteAttributes")), "email_verified") {
		t.Error("UserPoolClient: people can mark their own addresses as confirmed")
	}
	// Cognito serves the pages of version 2 only with a style.
	for _, id := range []string{"UserPoolDomain", "UserPoolStyle"} {
		s.Resources[id].want(t, id, "UserPoolId.Ref", "UserPool")
	}
	s.Resources["UserPoolStyle"].want(t, "UserPoolStyle", "ClientId.Ref", "UserPoolClient")
}

// ofUsers returns mutations of the user pool.
func ofUsers() []mutation {
	return []mutation{
		{"users", "example", "UserPool", nil},
		{"users", "example", "UserPool!DeletionPolicy", "Delete"},
		{"users", "example", "UserPool.DeletionProtection", "INACTIVE"},
		{"users", "example", "UserPool.AdminCreateUserConfig.AllowAdminCreateUserOnly", false},
		{"users", "example", "UserPool.AutoVerifiedAttributes", nil},
		{"users", "example", "UserPool.UserAttributeUpdateSettings", nil},
		{"users", "example", "UserPool.Policies.PasswordPolicy.MinimumLength", 8.0},
		{"users", "example", "UserPool.EmailConfiguration.EmailSendingAccount", "COGNITO_DEFAULT"},
		{"users", "example", "UserPoolClient.CallbackURLs", []string{"https://links.example.com/api/session/callback", "https://evil.example/"}},
		{"users", "example", "UserPoolClient.CallbackURLs.0.Fn::Join.1.1", "/"},
		{"users", "example", "UserPoolClient.GenerateSecret", false},
		{"users", "example", "UserPoolClient.AllowedOAuthFlows.0", "implicit"},
		{"users", "example", "UserPoolClient.AccessTokenValidity", 60.0},
		{"users", "example", "UserPoolClient.RefreshTokenValidity", 43200.0},
		{"users", "example", "UserPoolClient.TokenValidityUnits.RefreshToken", "days"},
		{"users", "example", "UserPoolClient.PreventUserExistenceErrors", "LEGACY"},
		{"users", "example", "UserPoolClient.ExplicitAuthFlows.0", "ALLOW_USER_PASSWORD_AUTH"},
		{"users", "example", "UserPoolClient.WriteAttributes.1", "email_verified"},
		{"users", "example", "UserPoolStyle", nil},
		{"users", "prod", "UserPool", resource{Type: "AWS::Cognito::UserPool"}},
	}
}

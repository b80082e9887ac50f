{{/* Numbers as they were written: printed as they come, a million would be 1e+06. */}}
{{- define "app.environment" -}}
{{- range $name, $value := . }}
{{ $name }}: {{ if kindIs "string" $value }}{{ $value | quote }}{{ else }}{{ toJson $value | quote }}{{ end }}
{{- end }}
{{- end -}}

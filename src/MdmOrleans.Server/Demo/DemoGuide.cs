namespace MdmOrleans.Server.Demo;

/// <summary>What the demo tells the person in front of it.</summary>
internal static class DemoGuide
{
    /// <param name="isKnown">This is not the first start.</param>
    public static void Print(TextWriter output, Uri server, DemoSecrets secrets, int mqttPort, bool isKnown, bool isQuiet)
    {
        var fate = isKnown ? "" : ": watch android-1 lose its access";
        var events = isQuiet ? "" : "\nEach device event is a line below; --quiet turns them off.\n";
        output.WriteLine(
            $$"""

            The demo is running: 25 simulated devices in the tenants acme, globex and initech, and this machine as acme:{{DemoFleet.ThisMachine}}.

              acme      48 hours of grace: three devices fail a rule and keep their access for now
              globex    no grace: a device that fails is quarantined at once
              initech   36 seconds of grace{{fate}}

            Look at
              {{server}}            an overview
              {{server}}docs        the HTTP interface
              {{server}}dashboard   the grains at work
              {{server}}metrics     check-ins, verdicts, batches

            Try
              KEY="$(cat {{DemoSecrets.Shown(secrets.AdministratorPath)}})"
              api() { curl -sS -H "Authorization: Bearer $KEY" "$@"; echo; }
              api {{server}}v1/tenants/acme/summary
              api {{server}}v1/tenants/globex/devices/macos-8/access
              api {{server}}v1/tenants/acme/holds

            Devices speak MQTT on port {{mqttPort}}; README checks one in by hand.
            The data is in {{DemoSecrets.Shown(secrets.Directory)}}. Ctrl+C stops the demo, and the next start finds the same devices.
            {{events}}
            """);
    }

    /// <summary>What the show of the first start has set going.</summary>
    /// <param name="hold">Null: nothing is held.</param>
    public static void Show(TextWriter output, Uri server, DemoSecrets secrets, string operation, string? hold)
    {
        var tenant = $"{server}v1/tenants/{DemoShow.Tenant}";
        var key = DemoSecrets.Shown(secrets.ApproverPath);
        output.WriteLine(
            $"""

            A message goes to the devices of acme in three waves. How far it is:
              api {tenant}/operations/{operation}

            """);
        if (hold is not null && secrets.HasApprover)
        {
            output.WriteLine(
                $"""
                {DemoShow.Tenant}:{DemoShow.LostDevice} was reported lost. It is locked and quarantined, and its wipe is held until a second person approves it.
                The administrator key reported it, so it may not approve; the key in {key} may:
                  curl -sS -X POST -H "Authorization: Bearer $(cat {key})" {tenant}/holds/{hold}/approve

                """);
        }
    }
}

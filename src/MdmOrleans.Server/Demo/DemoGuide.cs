using MdmOrleans.Server.Hosting;

namespace MdmOrleans.Server.Demo;

/// <summary>What the demo tells the person in front of it.</summary>
internal static class DemoGuide
{
    public static void Print(ServerSettings settings, int mqttPort)
    {
        var http = $"http://localhost:{settings.HttpPort}";
        var key = Path.Combine(settings.Directory, "admin-key");
        Console.WriteLine(
            $"""

            The demo is running: tenants acme, globex and initech, 25 simulated devices, and this machine as acme:{DemoFleet.ThisMachine}.

            Look at
              {http}/dashboard       the grains at work
              {http}/docs            the HTTP interface
              {http}/metrics         check-ins, verdicts, batches

            Try (the administrator key is in {key})
              KEY="$(cat {key})"
              curl -sH "Authorization: Bearer $KEY" {http}/v1/tenants/acme/summary
              curl -sH "Authorization: Bearer $KEY" "{http}/v1/tenants/acme/devices?compliance=inGracePeriod"
              curl -sH "Authorization: Bearer $KEY" {http}/v1/tenants/acme/devices/{DemoFleet.ThisMachine}
              curl -sH "Authorization: Bearer $KEY" -H 'Content-Type: application/json' \
                -d '{"{"} "kind": "collectInventory" {"}"}' {http}/v1/tenants/acme/devices/{DemoFleet.ThisMachine}/commands

            Devices speak MQTT on port {mqttPort}. The README checks one in by hand. Ctrl+C stops everything; the next start finds the same fleet.

            """);
    }
}

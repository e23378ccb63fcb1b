using MdmOrleans.Server.Hosting;

namespace MdmOrleans.Integration.Tests.Documents;

public sealed class ReadmeTests
{
    [Fact]
    public void The_table_of_settings_has_every_setting_that_the_server_knows()
    {
        var table = Readme.Section(Readme.Text("README.md"), "Settings");

        Assert.All(SettingKeys.All, setting => Assert.Contains($"`{setting.Key}`", table, StringComparison.Ordinal));
    }
}
